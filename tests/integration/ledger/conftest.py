"""A ledger on a real PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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
from tests.builders.ledger import JANUARY


class SteppingClock:
    """A clock that moves on by a minute each time it is asked."""

    def __init__(self) -> None:
        self._now = datetime(2025, 2, 1, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(minutes=1)
        return self._now


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
    engine = open_engine(fresh_database, pool_size=6)
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
