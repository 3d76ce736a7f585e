"""Tell what a run would come to now, to see if it is still what was signed."""

from dataclasses import dataclass

from services.settlement.application.settle_contracts import SettleContracts, run_digest
from services.settlement.application.settlement_ports import (
    Contracts,
    SettlementRuns,
    SettlementSource,
)
from services.settlement.domain.run import SettlementRun


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputeRun:
    """Computes a run in the ranges that it was cut into; call it within a unit of work."""

    runs: SettlementRuns
    contracts: Contracts
    source: SettlementSource

    def __call__(self, run: SettlementRun) -> str:
        """Give the digest that it would have; nothing is kept.

        As long as the state of its inputs is the one that it was calculated from, that is known
        without computing.
        """
        if run.inputs_version and run.inputs_version == self.source.version(month=run.month):
            return run.digest
        settle = SettleContracts(contracts=self.contracts, source=self.source)
        digests = [
            settle(run=run.name, month=run.month, names=names).digest
            for names in self.runs.chunk_ranges(run.name)
        ]
        return run_digest(run, chunk_digests=digests, pool=self.source.pool(month=run.month))
