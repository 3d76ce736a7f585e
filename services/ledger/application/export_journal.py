"""ExportJournal: every entry of a month, one after the other, however many there are."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.kernel.clock import Clock
from services.kernel.page import PageRequest
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import Entries, EntryFilter
from services.ledger.domain.journal import RecordedEntry

PAGE_SIZE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJournal:
    """Reads a month's journal page by page, leaving out what is recorded while it reads."""

    unit_of_work: UnitOfWork
    entries: Entries
    clock: Clock

    def __call__(self, *, month: Month) -> Iterator[RecordedEntry]:
        """Go through the entries by booking date and name."""
        which = EntryFilter(dates=month.period, known_at=self.clock.now())
        after: tuple[str, ...] | None = None
        while True:
            with self.unit_of_work():
                page = self.entries.list_entries(which, PageRequest(PAGE_SIZE, after))
            yield from page.items
            after = page.next_after
            if after is None:
                return
