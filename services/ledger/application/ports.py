"""What the verbs of the ledger need from outside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.kernel.identifiers import CustomerName, JournalEntryName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month, Period
from services.ledger.domain.balances import AccountBalance
from services.ledger.domain.chart import LedgerAccount
from services.ledger.domain.journal import JournalEntry, RecordedEntry
from services.ledger.domain.months import MonthBooks


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries are asked for; what is None does not matter.

    ``dates`` are booking dates. ``source`` is the full name of a resource, or a collection with a
    hyphen for its id, ``invoices/-``. ``known_at`` leaves out what was written down later.
    """

    dates: Period | None = None
    customer: CustomerName | None = None
    source: str | None = None
    known_at: datetime | None = None


class PreparedEntries(Protocol):
    """Entries in the form in which they are written."""

    @property
    def entries(self) -> Mapping[JournalEntryName, JournalEntry]:
        """What was prepared."""
        ...

    def write(self, *, but: Collection[JournalEntryName], recorded_at: datetime) -> None:
        """Write all ``but`` some with their postings, all legs of all of them in one statement."""
        ...


class Entries(Protocol):
    """The journal."""

    def prepare(self, entries: Mapping[JournalEntryName, JournalEntry]) -> PreparedEntries:
        """Bring new entries into the form in which they are written; any thread may do it."""
        ...

    def digests(self, names: Sequence[JournalEntryName]) -> Mapping[JournalEntryName, str]:
        """Find the content digests of those that exist."""
        ...

    def find(self, name: JournalEntryName) -> RecordedEntry | None:
        """Read one entry."""
        ...

    def reversal_of(self, name: JournalEntryName) -> JournalEntryName | None:
        """Find the entry that reverses this one."""
        ...

    def list_entries(self, which: EntryFilter, page: PageRequest) -> Page[RecordedEntry]:
        """Read a page of entries by booking date and name."""
        ...

    def balances(
        self,
        *,
        through: date,
        known_at: datetime | None,
        by_customer: bool,
        customer: CustomerName | None = None,
    ) -> tuple[AccountBalance, ...]:
        """Sum the postings booked through a day, by account and unit, and by customer if asked."""
        ...


class Months(Protocol):
    """The state of each month; a month without a row is open if it comes after the first row."""

    def first(self) -> MonthBooks | None:
        """Read the month that the books were opened with."""
        ...

    def first_open(self) -> MonthBooks | None:
        """Read the earliest open month; None while the books are not open."""
        ...

    def find(self, month: Month) -> MonthBooks | None:
        """Read one month."""
        ...

    def list_months(self) -> tuple[MonthBooks, ...]:
        """Read every month that has a row, in order."""
        ...

    def open_first(self, month: MonthBooks) -> bool:
        """Write the first month; False when there is one already."""
        ...

    def open_through(self, month: Month, *, opened_at: datetime) -> None:
        """Write rows, OPEN, for every month after the last row up to and with ``month``."""
        ...

    def lock_for_posting(self, months: Sequence[Month]) -> tuple[MonthBooks, ...]:
        """Lock and read months, in order, FOR SHARE: none of them can close meanwhile."""
        ...

    def lock_for_closing(self, month: Month) -> MonthBooks | None:
        """Lock and read a month FOR UPDATE: nothing is booked in it meanwhile."""
        ...

    def save(self, month: MonthBooks) -> None:
        """Write the new state of a month."""
        ...


class LedgerAccounts(Protocol):
    """The chart of accounts, dated."""

    def list_accounts(self, *, as_of_date: date) -> tuple[LedgerAccount, ...]:
        """Read the accounts in force on a day, by book and number."""
        ...
