"""Value all open contracts each evening; asked by the clock."""

from dataclasses import dataclass

from services.kernel.clock import Clock, shanghai_day
from services.pricing.application.value_contracts import ValueContracts
from services.pricing.domain.portfolio.valuation import Valuation
from services.pricing.domain.trading_calendar import TradingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueDaily:
    """Values everything as of the close of a trading day."""

    value_contracts: ValueContracts
    calendar: TradingCalendar
    clock: Clock

    def __call__(self) -> Valuation | None:
        """Start it; None on a day without trading, of which nothing is new."""
        today = shanghai_day(self.clock.now())
        if not self.calendar.is_trading_day(today):
            return None
        return self.value_contracts(as_of=today, every=True)
