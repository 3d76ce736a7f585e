"""Look at everything that must agree before a month closes."""

from dataclasses import dataclass

from services.kernel.finding import Finding, Severity
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.compare_books import CompareBooks
from services.ledger.application.list_month_books import ListMonthBooks
from services.settlement.application.settle_contracts import SettleContracts
from services.settlement.application.settlement_ports import (
    BillingChecklist,
    Contracts,
    NameRange,
    SettlementRuns,
    SettlementSource,
    TradeChecks,
    Waivers,
)
from services.settlement.domain.guarantee import NOTHING
from services.settlement.domain.month_close import CloseChecklist, posted_runs, standing_runs
from services.settlement.domain.run import RunKind, SettlementRun, run_name
from services.settlement.domain.settlement import Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckMonth:
    """Fills in a month's checklist from trades, runs, billing and the books."""

    unit_of_work: UnitOfWork
    runs: SettlementRuns
    contracts: Contracts
    source: SettlementSource
    trades: TradeChecks
    billing: BillingChecklist
    month_books: ListMonthBooks
    compare_books: CompareBooks
    waivers: Waivers

    def __call__(self, *, month: Month) -> CloseChecklist:
        """Fill it in."""
        with self.unit_of_work():
            runs = self.runs.runs_of(month)
            standing, posted = standing_runs(runs), posted_runs(runs)
            tonnes = self.trades.tonnes(month=month)
            unsettled = tonnes.unsettled if posted else 0
            final_posted = any(run.kind is RunKind.FINAL for run in posted)
            differences = self.compare_books(month=month)
            return CloseChecklist(
                traded_tonnes=tonnes.traded,
                allocated_tonnes=tonnes.allocated,
                settled_tonnes=_tonnes(standing) + (tonnes.unsettled if standing else 0),
                posted_tonnes=_tonnes(posted) + unsettled,
                needs_final=self._needs_final(month, tonnes.traded),
                final_posted=final_posted,
                unposted_runs=tuple(run.name for run in standing if run not in posted),
                held=_held(standing),
                owing=self._owing(month) if final_posted else (),
                unallocated=self.trades.findings(month=month),
                unbilled=self.billing(month=month),
                book_differences=tuple(str(each.customer) for each in differences),
                first_open=self._first_open(month),
                waivers=self.waivers.of_month(month),
            )

    def _needs_final(self, month: Month, traded: int) -> bool:
        return traded != 0 or self.contracts.any_to_settle(month=month)

    def _owing(self, month: Month) -> tuple[str, ...]:
        """Settle once more: whatever that would post was not posted."""
        settle = SettleContracts(contracts=self.contracts, source=self.source)
        again = run_name(month, RunKind.REVISION, 0)
        settled = settle(run=again, month=month, names=NameRange()).settlements
        pool = ("pool",) if self.source.pool(month=month) else ()
        return (*(each.contract for each in settled if _moves(each)), *pool)

    def _first_open(self, month: Month) -> Month:
        return next((each.month for each in self.month_books() if each.is_open), month)


def _tonnes(runs: list[SettlementRun]) -> int:
    return sum(run.totals.tonnes for run in runs)


def _held(standing: list[SettlementRun]) -> tuple[Finding, ...]:
    """Take what the newest run that stands found to hold a subject back."""
    if not standing:
        return ()
    newest = max(standing, key=lambda run: run.created_at)
    return tuple(f for f in newest.findings if f.severity is Severity.SUBJECT_HELD)


def _moves(settlement: Settlement) -> bool:
    return bool(settlement.custody) or any(row.moved != NOTHING for row in settlement.rows)
