"""The ledger's ports in memory."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from services.kernel.identifiers import CustomerName, JournalEntryName, LedgerAccountName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.ledger.application.ports import EntryFilter
from services.ledger.domain.balances import AccountBalance
from services.ledger.domain.chart import LedgerAccount
from services.ledger.domain.journal import Book, JournalEntry, Posting, RecordedEntry
from services.ledger.domain.months import MonthBooks


@contextmanager
def no_transaction() -> Iterator[None]:
    """A unit of work over things that need none."""
    yield


@dataclass(slots=True)
class SteppingClock:
    """A clock that moves on by a minute each time it is asked."""

    moment: datetime = datetime(2025, 2, 1, tzinfo=UTC)

    def now(self) -> datetime:
        self.moment += timedelta(minutes=1)
        return self.moment


@dataclass(frozen=True, slots=True)
class InMemoryBlock:
    """Entries that may be written."""

    entries: Mapping[JournalEntryName, JournalEntry]
    kept: dict[JournalEntryName, RecordedEntry]

    def write(self, *, but: Collection[JournalEntryName], recorded_at: datetime) -> None:
        for name, entry in self.entries.items():
            if name not in but:
                assert name not in self.kept
                self.kept[name] = RecordedEntry(entry, recorded_at)


@dataclass(slots=True)
class InMemoryEntries:
    """The journal."""

    kept: dict[JournalEntryName, RecordedEntry] = field(default_factory=dict)

    def prepare(self, entries: Mapping[JournalEntryName, JournalEntry]) -> "InMemoryBlock":
        return InMemoryBlock(entries, self.kept)

    def digests(self, names: Sequence[JournalEntryName]) -> Mapping[JournalEntryName, str]:
        found = (self.kept[name].entry for name in names if name in self.kept)
        return {entry.name: entry.content_digest for entry in found}

    def find(self, name: JournalEntryName) -> RecordedEntry | None:
        return self.kept.get(name)

    def reversal_of(self, name: JournalEntryName) -> JournalEntryName | None:
        return next((r.entry.name for r in self.kept.values() if r.entry.reverses == name), None)

    def list_entries(self, which: EntryFilter, page: PageRequest) -> Page[RecordedEntry]:
        found = {_key(recorded): recorded for recorded in self.kept.values()}
        keys = sorted(key for key in found if page.after is None or key > page.after)
        shown = [key for key in keys if _matches(found[key], which)]
        more = len(shown) > page.size
        items = tuple(found[key] for key in shown[: page.size])
        return Page(items, shown[page.size - 1] if more else None)

    def balances(
        self,
        *,
        through: date,
        known_at: datetime | None,
        by_customer: bool,
        customer: CustomerName | None = None,
    ) -> tuple[AccountBalance, ...]:
        sums: defaultdict[tuple[LedgerAccountName, Book, str, CustomerName | None], list[int]] = (
            defaultdict(lambda: [0, 0])
        )
        for posting in self._postings(through, known_at):
            if customer in (None, posting.customer):
                whose = posting.customer if by_customer else None
                sides = sums[posting.ledger_account, posting.book, posting.unit, whose]
                sides[posting.quantity < 0] += abs(posting.quantity)
        return tuple(
            AccountBalance(
                ledger_account=account,
                book=book,
                unit=unit,
                debit=debit,
                credit=credit,
                customer=whose,
            )
            for (account, book, unit, whose), (debit, credit) in sums.items()
        )

    def _postings(self, through: date, known_at: datetime | None) -> Iterator[Posting]:
        for recorded in self.kept.values():
            known = known_at is None or recorded.recorded_at <= known_at
            if recorded.entry.booking_date <= through and known:
                yield from recorded.entry.postings


@dataclass(slots=True)
class InMemoryMonths:
    """The state of each month."""

    kept: dict[Month, MonthBooks] = field(default_factory=dict)

    def first(self) -> MonthBooks | None:
        return self.kept[min(self.kept)] if self.kept else None

    def first_open(self) -> MonthBooks | None:
        return next((books for books in self.list_months() if books.is_open), None)

    def find(self, month: Month) -> MonthBooks | None:
        return self.kept.get(month)

    def list_months(self) -> tuple[MonthBooks, ...]:
        return tuple(self.kept[month] for month in sorted(self.kept))

    def open_first(self, month: MonthBooks) -> bool:
        if self.kept:
            return False
        self.kept[month.month] = month
        return True

    def open_through(self, month: Month, *, opened_at: datetime) -> None:
        following = max(self.kept).next()
        while following <= month:
            self.kept[following] = MonthBooks(month=following, opened_at=opened_at)
            following = following.next()

    def lock_for_posting(self, months: Sequence[Month]) -> tuple[MonthBooks, ...]:
        return tuple(self.kept[month] for month in months if month in self.kept)

    def lock_for_closing(self, month: Month) -> MonthBooks | None:
        return self.kept.get(month)

    def save(self, month: MonthBooks) -> None:
        self.kept[month.month] = month


@dataclass(slots=True)
class InMemoryLedgerAccounts:
    """The chart of accounts."""

    kept: tuple[LedgerAccount, ...] = ()

    def list_accounts(self, *, as_of_date: date) -> tuple[LedgerAccount, ...]:
        return tuple(account for account in self.kept if account.effective_date <= as_of_date)


def _key(recorded: RecordedEntry) -> tuple[str, ...]:
    return (recorded.entry.booking_date.isoformat(), recorded.entry.name)


def _matches(recorded: RecordedEntry, which: EntryFilter) -> bool:
    entry = recorded.entry
    customers = {posting.customer for posting in entry.postings}
    return (
        (which.dates is None or entry.booking_date in which.dates)
        and (which.customer is None or which.customer in customers)
        and (which.source is None or which.source in (entry.source, f"{entry.source}/-"))
        and (which.known_at is None or recorded.recorded_at <= which.known_at)
    )
