"""PostEntries: write balanced entries into the books of open months."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from services.kernel.ahead import ahead
from services.kernel.clock import Clock
from services.kernel.errors import AlreadyExists
from services.kernel.identifiers import JournalEntryName
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.month_locks import lock_open_months
from services.ledger.application.ports import Entries, Months, PreparedEntries
from services.ledger.domain.journal import JournalEntry, months_of_entries

_MOST_ENTRIES: Final = 5_000
"""Enough to cost little each, and few enough that blocks under way take little memory."""

Part = Callable[[], Iterable[JournalEntry]]
"""Makes entries that belong together; in any thread, so it touches no transaction."""


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

        Raises:
            PostedDifferently: an entry of that source and purpose says something else.
            MonthClosed, BooksNotOpen, MonthBeyondHorizon: a month does not take entries.
        """
        with self.unit_of_work():
            self._post(map(self.entries.prepare, _blocks(entries)))

    def in_parts(self, *, parts: Iterable[Part]) -> None:
        """Post what all parts make, or nothing; for entries by the ten thousand.

        Parts are taken one by one, and may be read meanwhile in the transaction; the next is made
        and put into its form while the database writes one.

        Raises:
            As above, and what making a part raises.
        """
        with self.unit_of_work(), closing(ahead(self._prepared, parts)) as made:
            self._post(chain.from_iterable(made))

    def _prepared(self, part: Part) -> list[PreparedEntries]:
        return [self.entries.prepare(block) for block in _blocks(part())]

    def _post(self, blocks: Iterable[PreparedEntries]) -> None:
        now, locked = self.clock.now(), set[Month]()
        for block in blocks:
            posted = self.entries.digests(list(block.entries))
            for name, digest in posted.items():
                if digest != block.entries[name].content_digest:
                    raise PostedDifferently(block.entries[name])
            fresh = [entry for name, entry in block.entries.items() if name not in posted]
            months = [month for month in months_of_entries(fresh) if month not in locked]
            if months:
                lock_open_months(self.months, months, opened_at=now)
                locked.update(months)
            if fresh:
                block.write(but=posted.keys(), recorded_at=now)


def _blocks(entries: Iterable[JournalEntry]) -> Iterator[Mapping[JournalEntryName, JournalEntry]]:
    """Cut entries into blocks by name, each without repeats within itself."""
    coming = iter(entries)
    while taken := list(islice(coming, _MOST_ENTRIES)):
        block: dict[JournalEntryName, JournalEntry] = {}
        for entry in taken:
            if block.setdefault(entry.name, entry) != entry:
                raise PostedDifferently(entry)
        yield block
