"""A ledger on a real PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from services.kernel.authority import SYSTEM
from services.kernel.period import Month
from services.ledger.application.booking_month import BookingMonth
from services.ledger.application.close_month_books import CloseMonthBooks
from services.ledger.application.open_books import OpenBooks
from services.ledger.application.post_entries import PostEntries
from services.ledger.application.reverse_entry import ReverseEntry
from services.ledger.persistence.entries import PostgresEntries
from services.ledger.persistence.months import PostgresMonths
from services.runtime.database import open_engine
from services.runtime.unit_of_work import Transactions, acting_as, current_principal
from tests.builders.ledger import FEBRUARY, JANUARY, YANGLUO, an_entry, fee_postings
from tests.fakes.ledger import SteppingClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The verbs of the ledger, joined to one database."""

    engine: Engine
    unit_of_work: Transactions
    entries: PostgresEntries
    months: PostgresMonths
    clock: SteppingClock
    open_books: OpenBooks
    post_entries: PostEntries
    reverse_entry: ReverseEntry
    close_month: CloseMonthBooks
    booking_month: BookingMonth

    def open(self, month: Month = JANUARY) -> None:
        self.open_books(first_month=month)


@pytest.fixture
def ledger(fresh_database: str) -> Iterator[Ledger]:
    """Books that nobody opened yet."""
    with _ledger_on(fresh_database) as ledger:
        yield ledger


@pytest.fixture(scope="module")
def kept_ledger(module_database: str) -> Iterator[Ledger]:
    """Books for tests that leave them as they are: January is closed, an entry stands in it.

    February is open and has two more.
    """
    with _ledger_on(module_database) as ledger:
        ledger.open()
        ledger.post_entries(entries=(an_entry(),))
        ledger.close_month(month=JANUARY)
        others = fee_postings(customer=YANGLUO)
        ledger.post_entries(
            entries=(
                an_entry("invoices/a", month=FEBRUARY),
                an_entry("invoices/b", month=FEBRUARY, postings=others),
            )
        )
        yield ledger


@contextmanager
def _ledger_on(url: str) -> Iterator[Ledger]:
    engine = open_engine(url, pool_size=6)
    work, entries, months = Transactions(engine), PostgresEntries(), PostgresMonths()
    clock = SteppingClock()
    post = PostEntries(unit_of_work=work, entries=entries, months=months, clock=clock)
    with acting_as(SYSTEM):
        yield Ledger(
            engine=engine,
            unit_of_work=work,
            entries=entries,
            months=months,
            clock=clock,
            open_books=OpenBooks(unit_of_work=work, months=months, clock=clock),
            post_entries=post,
            reverse_entry=ReverseEntry(unit_of_work=work, entries=entries, post_entries=post),
            close_month=CloseMonthBooks(
                unit_of_work=work, months=months, clock=clock, principal=current_principal
            ),
            booking_month=BookingMonth(unit_of_work=work, months=months),
        )
    engine.dispose()
