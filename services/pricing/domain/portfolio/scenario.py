"""Other markets that a valuation looks at, beside the one it takes for granted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.kernel.instrument import InstrumentKind
from services.pricing.domain.portfolio.market import Market
from services.pricing.domain.price_point import DayFigures
from services.pricing.domain.rounding import to_six_places

PRICE_MOVES = (Decimal("0.90"), Decimal("1.10"))
HIGH_VOLATILITY = Decimal("0.45")
CORRELATIONS = (Decimal(0), Decimal("0.8"))
DEFAULT_CORRELATION = Decimal("0.3")
"""Measured figures lie between 0.2 and 0.4 and say little: why 0 and 0.8 are looked at too."""

DEFAULT_WINDOW_DAYS = 20


class ScenarioKind(StrEnum):
    """What is changed: forwards by a part, volatility, correlation, or forwards as once before."""

    PRICE = "PRICE"
    VOLATILITY = "VOLATILITY"
    CORRELATION = "CORRELATION"
    HISTORICAL = "HISTORICAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One change; what is None stays. ``price_factors`` are by kind, others stay."""

    name: str
    kind: ScenarioKind
    description: str
    price_factors: Mapping[InstrumentKind, Decimal]
    volatility: Decimal | None = None
    correlation: Decimal | None = None

    def markets(self, base: Mapping[InstrumentKind, Market]) -> Mapping[InstrumentKind, Market]:
        """What the markets are in it."""
        return {kind: self._changed(market) for kind, market in base.items()}

    def _changed(self, market: Market) -> Market:
        moved = market.moved(self.price_factors.get(market.kind, Decimal(1)))
        if self.volatility is None:
            return moved
        return replace(moved, volatility=self.volatility)


@dataclass(frozen=True, slots=True)
class HistoricalMove:
    """How a series moved over some trading days: ``factor`` is last close by first."""

    first_day: date
    last_day: date
    factor: Decimal


def worst_moves(
    days: Sequence[DayFigures], *, window_days: int
) -> tuple[HistoricalMove, HistoricalMove] | None:
    """Find the deepest fall and the highest rise over so many traded days of a series.

    None for a series without that many. Days without trading are left out.
    """
    traded = [day for day in days if not day.stale]
    moves = [
        HistoricalMove(first.date, last.date, to_six_places(last.close / first.close))
        for first, last in zip(traded, traded[window_days:], strict=False)
    ]
    if not moves:
        return None
    return min(moves, key=lambda each: each.factor), max(moves, key=lambda each: each.factor)


def standard_scenarios(kinds: Sequence[InstrumentKind]) -> tuple[Scenario, ...]:
    """The scenarios of every valuation: prices 10 % off, volatility 45 %, correlation 0 and 0.8."""
    prices = tuple(
        Scenario(
            name=f"price {_percent(factor)}",
            kind=ScenarioKind.PRICE,
            description=f"all forward prices {_percent(factor)}",
            price_factors=dict.fromkeys(kinds, factor),
        )
        for factor in PRICE_MOVES
    )
    volatility = Scenario(
        name="volatility 45 %",
        kind=ScenarioKind.VOLATILITY,
        description="every volatility is 45 % a year",
        price_factors={},
        volatility=HIGH_VOLATILITY,
    )
    correlations = tuple(
        Scenario(
            name=f"correlation {correlation}",
            kind=ScenarioKind.CORRELATION,
            description=f"allowances and credits move with a correlation of {correlation}",
            price_factors={},
            correlation=correlation,
        )
        for correlation in CORRELATIONS
        if len(kinds) > 1
    )
    return (*prices, volatility, *correlations)


def historical_scenarios(
    market: Market, days: Sequence[DayFigures], *, window_days: int
) -> tuple[Scenario, ...]:
    """The deepest fall and the highest rise that the series of a market has seen."""
    found = worst_moves(days, window_days=window_days)
    if found is None:
        return ()
    return tuple(
        Scenario(
            name=f"{market.kind} {word} of {move.first_day} to {move.last_day}",
            kind=ScenarioKind.HISTORICAL,
            description=(
                f"{market.kind} forwards {_percent(move.factor)}, as {market.series} moved over"
                f" {window_days} traded days from {move.first_day} to {move.last_day}"
            ),
            price_factors={market.kind: move.factor},
        )
        for word, move in zip(("fall", "rise"), found, strict=True)
    )


def _percent(factor: Decimal) -> str:
    change = (factor - 1) * 100
    return f"{change.quantize(Decimal('0.1')).normalize():+f} %"
