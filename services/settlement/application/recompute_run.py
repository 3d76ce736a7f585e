"""Compute a run once more from what is there now, to see if it is still what was signed."""

from collections.abc import Sequence
from dataclasses import dataclass

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
from services.settlement.domain.bookings import PoolMovement
from services.settlement.domain.run import SettlementRun


@dataclass(frozen=True, slots=True)
class RecomputedRun:
    """The settlements of a run as they would come out now, the pool's part, and the digest."""

    ranges: Sequence[SettledRange]
    pool: Sequence[PoolMovement]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputeRun:
    """Computes a run in the ranges that it was cut into; call it within a unit of work."""

    runs: SettlementRuns
    contracts: Contracts
    source: SettlementSource

    def __call__(self, run: SettlementRun) -> RecomputedRun:
        """Compute it; nothing is kept."""
        settle = SettleContracts(contracts=self.contracts, source=self.source)
        ranges = [
            settle(run=run.name, month=run.month, names=names)
            for names in self.runs.chunk_ranges(run.name)
        ]
        pool = self.source.pool(month=run.month)
        digest = run_digest(run, chunk_digests=[each.digest for each in ranges], pool=pool)
        return RecomputedRun(ranges, pool, digest)
