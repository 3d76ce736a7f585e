"""ExportJournal: every posting of a month, one after the other, however many there are."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.kernel.clock import Clock
from services.kernel.page import PageRequest
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import Entries, EntryFilter, LedgerAccounts
from services.ledger.domain.chart import LedgerAccount
from services.ledger.domain.journal import Posting, RecordedEntry

PAGE_SIZE = 1000


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One posting, with the entry it belongs to and the account it moves."""

    recorded: RecordedEntry
    posting: Posting
    account: LedgerAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJournal:
    """Reads a month's journal page by page, leaving out what is recorded while it reads."""

    unit_of_work: UnitOfWork
    entries: Entries
    ledger_accounts: LedgerAccounts
    clock: Clock

    def __call__(self, *, month: Month) -> Iterator[JournalLine]:
        """Go through the postings by booking date and name of the entry."""
        with self.unit_of_work():
            chart = self.ledger_accounts.list_accounts(as_of_date=month.last_day)
        accounts = {account.name: account for account in chart}
        for recorded in self._entries(month):
            for posting in recorded.entry.postings:
                yield JournalLine(recorded, posting, accounts[posting.ledger_account])

    def _entries(self, month: Month) -> Iterator[RecordedEntry]:
        which = EntryFilter(dates=month.period, known_at=self.clock.now())
        after: tuple[str, ...] | None = None
        while True:
            with self.unit_of_work():
                page = self.entries.list_entries(which, PageRequest(PAGE_SIZE, after))
            yield from page.items
            after = page.next_after
            if after is None:
                return
