"""The verbs of the ledger over fakes."""

from dataclasses import dataclass, field

import pytest

from services.kernel.authority import SYSTEM, Principal
from services.ledger.application.booking_month import BookingMonth
from services.ledger.application.close_month_books import CloseMonthBooks
from services.ledger.application.get_month_books import GetMonthBooks
from services.ledger.application.open_books import OpenBooks
from services.ledger.application.post_entries import PostEntries
from services.ledger.application.reverse_entry import ReverseEntry
from tests.builders.ledger import JANUARY
from tests.fakes.ledger import InMemoryEntries, InMemoryMonths, SteppingClock, no_transaction


@dataclass(slots=True)
class Ledger:
    """The verbs, and what they keep."""

    entries: InMemoryEntries = field(default_factory=InMemoryEntries)
    months: InMemoryMonths = field(default_factory=InMemoryMonths)
    clock: SteppingClock = field(default_factory=SteppingClock)

    @property
    def open_books(self) -> OpenBooks:
        return OpenBooks(unit_of_work=no_transaction, months=self.months, clock=self.clock)

    @property
    def post_entries(self) -> PostEntries:
        return PostEntries(
            unit_of_work=no_transaction,
            entries=self.entries,
            months=self.months,
            clock=self.clock,
        )

    @property
    def reverse_entry(self) -> ReverseEntry:
        return ReverseEntry(
            unit_of_work=no_transaction, entries=self.entries, post_entries=self.post_entries
        )

    @property
    def close_month(self) -> CloseMonthBooks:
        def principal() -> Principal:
            return SYSTEM

        return CloseMonthBooks(
            unit_of_work=no_transaction, months=self.months, clock=self.clock, principal=principal
        )

    @property
    def get_month(self) -> GetMonthBooks:
        return GetMonthBooks(unit_of_work=no_transaction, months=self.months)

    @property
    def booking_month(self) -> BookingMonth:
        return BookingMonth(unit_of_work=no_transaction, months=self.months)


@pytest.fixture
def closed_books() -> Ledger:
    """Books that nobody opened yet."""
    return Ledger()


@pytest.fixture
def ledger() -> Ledger:
    """Books open from January."""
    ledger = Ledger()
    ledger.open_books(first_month=JANUARY)
    return ledger
