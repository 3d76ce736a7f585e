"""ListJournalEntries: read what is in the journal."""

from dataclasses import dataclass

from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import Entries, EntryFilter
from services.ledger.domain.journal import RecordedEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class ListJournalEntries:
    """Reads a page of entries by booking date and name."""

    unit_of_work: UnitOfWork
    entries: Entries

    def __call__(self, *, which: EntryFilter, page: PageRequest) -> Page[RecordedEntry]:
        """Read it."""
        with self.unit_of_work():
            return self.entries.list_entries(which, page)
