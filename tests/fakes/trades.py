"""What trades ask of the clock, the market and other rooms, answered from memory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.instrument import Instrument
from services.kernel.period import Month
from services.settlement.domain.trade_checks import MarketDay


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True)
class OpenMarket:
    """A market that is open every day, at one close."""

    close: Decimal | None = None
    previous_close: Decimal | None = None

    def __call__(
        self, wanted: Collection[tuple[Instrument, date]]
    ) -> Mapping[tuple[Instrument, date], MarketDay]:
        day = MarketDay(is_trading_day=True, previous_close=self.previous_close, close=self.close)
        return dict.fromkeys(wanted, day)


class EveryCustomer:
    """Every customer exists."""

    def __call__(self, names: Collection[CustomerName]) -> frozenset[CustomerName]:
        return frozenset(names)


class NothingHeld:
    """Nothing is recorded as held for anybody."""

    def __call__(self, *, before: Month) -> Mapping[ContractName, int]:
        assert before > Month(1990, 1)
        return {}
