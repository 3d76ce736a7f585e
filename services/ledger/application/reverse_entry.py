"""ReverseEntry: take an entry back by a new one that names it."""

from dataclasses import dataclass
from datetime import date

from services.kernel.errors import AlreadyExists, NotFound
from services.kernel.identifiers import JournalEntryName
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import Entries
from services.ledger.application.post_entries import PostEntries
from services.ledger.domain.journal import JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseEntry:
    """Posts the mirror of an entry, once, in an open month."""

    unit_of_work: UnitOfWork
    entries: Entries
    post_entries: PostEntries

    def __call__(
        self, *, entry: JournalEntryName, month: Month, event_date: date, description: str
    ) -> JournalEntry:
        """Reverse it, and return the new entry.

        Raises:
            NotFound: there is no such entry.
            AlreadyExists: it was reversed before; the error names the reversal.
            MonthClosed, BooksNotOpen, MonthBeyondHorizon: the month does not take entries.
        """
        with self.unit_of_work():
            original = self.entries.find(entry)
            if original is None:
                raise NotFound(entry)
            earlier = self.entries.reversal_of(entry)
            if earlier is not None:
                raise AlreadyExists(earlier)
            reversal = original.entry.reversed(
                event_date=event_date, month=month, description=description
            )
            self.post_entries(entries=(reversal,))
            return reversal
