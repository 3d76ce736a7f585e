"""PostEntries: write balanced entries into the books of open months."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from services.kernel.ahead import ahead
from services.kernel.clock import Clock
from services.kernel.errors import AlreadyExists
from services.kernel.identifiers import JournalEntryName
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.month_locks import lock_open_months
from services.ledger.application.ports import Entries, Months
from services.ledger.domain.journal import JournalEntry, months_of_entries

_ENTRIES_AT_ONCE: Final = 2_000
"""Enough to cost little each, and few enough that the database weighs their legs in memory."""

_Named = tuple[JournalEntryName, JournalEntry]


class PostedDifferently(AlreadyExists):
    """The source posted an entry for that purpose already, and it said something else."""

    def __init__(self, entry: JournalEntry) -> None:
        """Name the entry."""
        super().__init__(entry.name)
        self.source = entry.source
        self.purpose = entry.purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEntries:
    """Writes entries, each once: what was posted with the same content stays as it is.

    The months are locked against closing until the transaction ends.
    """

    unit_of_work: UnitOfWork
    entries: Entries
    months: Months
    clock: Clock

    def __call__(self, *, entries: Iterable[JournalEntry]) -> None:
        """Post them all, or none.

        They may be made as they are taken, a block at a time: then the next block is made while
        the database writes one.

        Raises:
            PostedDifferently: an entry of that source and purpose says something else.
            MonthClosed, BooksNotOpen, MonthBeyondHorizon: a month does not take entries.
        """
        with self.unit_of_work():
            now, blocks = self.clock.now(), _blocks(entries)
            for block in blocks if isinstance(entries, Sequence) else ahead(blocks):
                self._post(block, now)

    def _post(self, block: Sequence[_Named], now: datetime) -> None:
        fresh = self._not_posted_yet(block)
        if fresh:
            lock_open_months(self.months, months_of_entries(fresh), opened_at=now)
            self.entries.add_all(fresh, recorded_at=now)

    def _not_posted_yet(self, block: Sequence[_Named]) -> tuple[JournalEntry, ...]:
        """Leave out what stands in the books, and repeats within the block itself."""
        posted = self.entries.digests([name for name, _ in block])
        fresh: dict[JournalEntryName, JournalEntry] = {}
        for name, entry in block:
            if name in posted:
                same = posted[name] == entry.content_digest
            else:
                same = fresh.setdefault(name, entry) == entry
            if not same:
                raise PostedDifferently(entry)
        return tuple(fresh.values())


def _blocks(entries: Iterable[JournalEntry]) -> Iterator[tuple[_Named, ...]]:
    named = ((entry.name, entry) for entry in entries)
    while block := tuple(islice(named, _ENTRIES_AT_ONCE)):
        yield block
