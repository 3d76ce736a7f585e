"""PostSettlementRun: write an approved run into the books."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.post_entries import PostEntries
from services.ledger.domain.journal import JournalEntry
from services.settlement.application.settle_contracts import (
    SettleContracts,
    SettledRange,
    run_digest,
)
from services.settlement.application.settlement_ports import (
    Contracts,
    SettlementRuns,
    SettlementSource,
)
from services.settlement.domain.bookings import PoolMovement, entries_of, pool_entry
from services.settlement.domain.run import SettlementRun


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSettlementRun:
    """Computes the run once more, and posts it if it is still what was approved."""

    unit_of_work: UnitOfWork
    runs: SettlementRuns
    contracts: Contracts
    source: SettlementSource
    post_entries: PostEntries
    clock: Clock

    def __call__(self, *, name: RunName) -> SettlementRun:
        """Post it.

        Raises:
            NotFound, WrongState.
            DigestChanged: allocations, terms or posted rows changed since it was calculated.
            MonthClosed: the month was closed meanwhile.
        """
        settle = SettleContracts(contracts=self.contracts, source=self.source)
        with self.unit_of_work():
            run = self.runs.find(name, lock=True)
            if run is None:
                raise NotFound(name)
            ranges = [
                settle(run=name, month=run.month, names=names)
                for names in self.runs.chunk_ranges(name)
            ]
            pool = self.source.pool(month=run.month)
            digest = run_digest(run, chunk_digests=[each.digest for each in ranges], pool=pool)
            posted = run.post(digest=digest, time=self.clock.now())
            self.post_entries(entries=_entries(run, ranges, pool))
            self.runs.save(posted)
            return posted


def _entries(
    run: SettlementRun, ranges: Sequence[SettledRange], pool: Sequence[PoolMovement]
) -> list[JournalEntry]:
    entries = [
        entry
        for settled in ranges
        for settlement in settled.settlements
        for entry in entries_of(settlement)
    ]
    pooled = pool_entry(run.name, run.month, pool)
    return entries if pooled is None else [*entries, pooled]
