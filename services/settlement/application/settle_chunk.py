"""Settle one chunk of a run, once; the last one concludes the run."""

from dataclasses import dataclass, replace

from services.kernel.authority import RunState
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import RunName
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settle_contracts import SettleContracts, run_digest
from services.settlement.application.settlement_ports import (
    Contracts,
    SettlementRuns,
    Settlements,
    SettlementSource,
    TradeChecks,
)
from services.settlement.domain.run import RunTotals, SettlementRun


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleChunk:
    """Claims a chunk in the transaction that writes its settlements; a repeat finds it done."""

    unit_of_work: UnitOfWork
    runs: SettlementRuns
    settlements: Settlements
    contracts: Contracts
    source: SettlementSource
    trades: TradeChecks

    def __call__(self, *, run: RunName, chunk: int) -> None:
        """Settle it, or find that it is done or not wanted any more."""
        settle = SettleContracts(contracts=self.contracts, source=self.source)
        with self.unit_of_work():
            found = self.runs.find(run)
            names = self.runs.claim_chunk(run, chunk=chunk)
            if found is None or names is None:
                return
            settled = settle(run=run, month=found.month, names=names)
            self.settlements.add_all(settled.settlements)
            self.runs.conclude_chunk(run, chunk=chunk, digest=settled.digest, totals=settled.totals)
            self._conclude_run(run)

    def _conclude_run(self, name: RunName) -> None:
        """Conclude the run with its last chunk; its row is locked first, so one sees it last."""
        run = self.runs.find(name, lock=True)
        results = self.runs.chunk_results(name)
        if run is None or results is None or run.state is not RunState.CALCULATING:
            return
        totals = RunTotals()
        for _, part in results:
            totals = totals.plus(part)
        pool = self.source.pool(month=run.month)
        self.settlements.add_pool(name, pool)
        digest = run_digest(run, chunk_digests=[digest for digest, _ in results], pool=pool)
        calculated = run.calculated(
            digest=digest, totals=totals, inputs_version=self.source.version(month=run.month)
        )
        self.runs.save(replace(calculated, findings=self._findings(run)))

    def _findings(self, run: SettlementRun) -> tuple[Finding, ...]:
        return (*self.trades.findings(month=run.month), *self._missing_approvals(run.month))

    def _missing_approvals(self, month: Month) -> tuple[Finding, ...]:
        return tuple(
            Finding(
                Severity.SUBJECT_HELD,
                "APPROVAL_MISSING",
                draft.name,
                f"{draft.name} is a DRAFT, and trades of {month} fit it; none is allocated",
                "approve it, allocate the month and start again; or waive the finding",
            )
            for draft in self.contracts.drafts_with_trades(month=month)
        )
