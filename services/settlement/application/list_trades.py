"""ListTrades: read trades, page by page."""

from dataclasses import dataclass

from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.trade_ports import RowFilter, Trades
from services.settlement.domain.trade import Trade


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTrades:
    """Reads trades in their newest version, by trade date and name."""

    unit_of_work: UnitOfWork
    trades: Trades

    def __call__(self, *, wanted: RowFilter, page: PageRequest) -> Page[Trade]:
        """Read one page."""
        with self.unit_of_work():
            return self.trades.list_trades(wanted, page)
