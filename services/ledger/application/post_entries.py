"""PostEntries: write balanced entries into the books of open months."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from services.ledger.application.ports import Entries, Months, PreparedEntries
from services.ledger.domain.journal import JournalEntry, months_of_entries

_FIRST_ENTRIES: Final = 500
"""Few, so that the database has something to write soon; each block is twice the one before."""

_MOST_ENTRIES: Final = 5_000
"""Enough to cost little each, and few enough that two blocks under way take little memory."""


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

        They may be made as they are taken, a block at a time: then the next block is made and put
        into its form while the database writes one.

        Raises:
            PostedDifferently: an entry of that source and purpose says something else.
            MonthClosed, BooksNotOpen, MonthBeyondHorizon: a month does not take entries.
        """
        with self.unit_of_work():
            now, blocks = self.clock.now(), map(self.entries.prepare, _blocks(entries))
            for block in blocks if isinstance(entries, Sequence) else ahead(blocks):
                self._post(block, now)

    def _post(self, block: PreparedEntries, now: datetime) -> None:
        posted = self.entries.digests(list(block.entries))
        for name, digest in posted.items():
            if digest != block.entries[name].content_digest:
                raise PostedDifferently(block.entries[name])
        fresh = [entry for name, entry in block.entries.items() if name not in posted]
        if fresh:
            lock_open_months(self.months, months_of_entries(fresh), opened_at=now)
            block.write(but=posted.keys(), recorded_at=now)


def _blocks(entries: Iterable[JournalEntry]) -> Iterator[Mapping[JournalEntryName, JournalEntry]]:
    """Cut entries into blocks by name, each without repeats within itself."""
    coming, size = iter(entries), _FIRST_ENTRIES
    while taken := list(islice(coming, size)):
        size = min(2 * size, _MOST_ENTRIES)
        block: dict[JournalEntryName, JournalEntry] = {}
        for entry in taken:
            if block.setdefault(entry.name, entry) != entry:
                raise PostedDifferently(entry)
        yield block
