"""The carbon pool: what the company bought and sold for itself because no contract took it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from services.kernel.instrument import Instrument
from services.kernel.money import Money, from_minor
from services.settlement.domain.allocation import NOTHING, Figures
from services.settlement.domain.trade import TradeSide

_SIX_DECIMALS = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class PoolPart:
    """What fell to the pool of one instrument on one side; fees are not part of the amount."""

    instrument: Instrument
    side: TradeSide
    figures: Figures


@dataclass(frozen=True, slots=True)
class PoolPosition:
    """What the pool bought, sold and holds of one instrument."""

    instrument: Instrument
    bought: Figures
    sold: Figures

    @property
    def net_tonnes(self) -> int:
        """Bought less sold. Negative: sold before bought, and to be covered."""
        return self.bought.tonnes - self.sold.tonnes

    @property
    def bought_amount(self) -> Money:
        """What was paid, without fees."""
        return from_minor(self.bought.amount_fen)

    @property
    def sold_amount(self) -> Money:
        """What was received, without fees."""
        return from_minor(self.sold.amount_fen)

    @property
    def average_cost(self) -> Decimal | None:
        """CNY per tonne bought, to six decimals; None while nothing was bought."""
        if self.bought.tonnes <= 0:
            return None
        exact = self.bought_amount.amount / self.bought.tonnes
        return exact.quantize(_SIX_DECIMALS, rounding=ROUND_HALF_UP)


def positions(parts: Iterable[PoolPart]) -> tuple[PoolPosition, ...]:
    """Add up parts into one position per instrument, by instrument code."""
    sums: dict[Instrument, dict[TradeSide, Figures]] = {}
    for part in parts:
        sides = sums.setdefault(part.instrument, {})
        sides[part.side] = sides.get(part.side, NOTHING) + part.figures
    return tuple(
        PoolPosition(
            instrument, sides.get(TradeSide.BUY, NOTHING), sides.get(TradeSide.SELL, NOTHING)
        )
        for instrument, sides in sorted(sums.items(), key=lambda entry: entry[0].code)
    )
