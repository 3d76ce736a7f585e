"""PostSettlementRun: write an approved run into the books."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.post_entries import PostEntries
from services.ledger.domain.journal import JournalEntry
from services.settlement.application.recompute_run import RecomputeRun
from services.settlement.application.settle_contracts import range_digest, run_digest
from services.settlement.application.settlement_ports import (
    SettlementRuns,
    Settlements,
    SettlementSource,
)
from services.settlement.domain.bookings import PoolMovement, entries_of, pool_entry
from services.settlement.domain.run import SettlementRun
from services.settlement.domain.settlement import Settlement


@dataclass(frozen=True, slots=True)
class _Written:
    """What a run wrote when it was calculated, and the fingerprint of that."""

    settlements: tuple[Settlement, ...]
    pool: tuple[PoolMovement, ...]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSettlementRun:
    """Posts what a run wrote, if that is what was approved and would still come out now."""

    unit_of_work: UnitOfWork
    runs: SettlementRuns
    settlements: Settlements
    source: SettlementSource
    recompute: RecomputeRun
    post_entries: PostEntries
    clock: Clock

    def __call__(self, *, name: RunName) -> SettlementRun:
        """Post it.

        Raises:
            NotFound, WrongState.
            DigestChanged: allocations, terms or posted rows changed since it was calculated; the
                way out is to start again.
            MonthClosed: the month was closed meanwhile.
        """
        with self.unit_of_work():
            run = self.runs.find(name, lock=True)
            if run is None:
                raise NotFound(name)
            self.source.hold(month=run.month)
            now = self.clock.now()
            run.post(digest=self.recompute(run), time=now)
            written = self._written(run)
            posted = run.post(digest=written.digest, time=now)
            self.post_entries(entries=_entries(run, written))
            self.runs.save(posted)
            return posted

    def _written(self, run: SettlementRun) -> _Written:
        ranges = self.runs.chunk_ranges(run.name)
        parts = [self.settlements.of_run(run.name, names) for names in ranges]
        pool = self.settlements.pool_of(run.name)
        digest = run_digest(run, chunk_digests=[range_digest(part) for part in parts], pool=pool)
        return _Written(tuple(each for part in parts for each in part), pool, digest)


def _entries(run: SettlementRun, written: _Written) -> Iterator[JournalEntry]:
    for settlement in written.settlements:
        yield from entries_of(settlement)
    pooled = pool_entry(run.name, run.month, written.pool)
    if pooled is not None:
        yield pooled
