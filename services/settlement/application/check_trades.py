"""Tell a settlement run and the month close what a month's trades and allocations say."""

from dataclasses import dataclass

from services.kernel.finding import Finding
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.allocation_status import AllocationStatus
from services.settlement.application.settlement_ports import TradeTonnes
from services.settlement.application.trade_ports import Trades


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTrades:
    """Compares what was traded with what is allocated."""

    unit_of_work: UnitOfWork
    trades: Trades
    status: AllocationStatus

    def tonnes(self, *, month: Month) -> TradeTonnes:
        """Count traded and allocated tonnes, each owner's side."""
        with self.unit_of_work():
            tally = self.trades.tally(month)
        return TradeTonnes(
            traded=tally.traded_tonnes,
            allocated=tally.allocated_tonnes,
            unsettled=tally.unsettled_tonnes,
        )

    def findings(self, *, month: Month) -> tuple[Finding, ...]:
        """Name trades that are not allocated, or changed since, and what the allocation found."""
        return self.status(month=month).findings()

    def is_stale(self, *, month: Month) -> bool:
        """Tell whether trades or contracts changed since the month was allocated."""
        return self.status.is_stale(month=month)
