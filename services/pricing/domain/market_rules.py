"""The rules of the market as dated data: the tick, and how far a price may move in a day.

The data with their source are ``market_rules.csv``, read at start-up by the composition root.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.kernel.instrument import InstrumentKind
from services.pricing.domain.rounding import to_tick

LONGEST_GAP = 60
"""Trading days that widen a band; after a quarter without a price, no move is beyond belief."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRule:
    """How a market trades from a day on: prices in ticks, moving by at most ``limit`` a day."""

    kind: InstrumentKind
    valid_from: date
    tick: Decimal
    limit: Decimal
    source: str

    def price_band(self, close: Decimal, *, trading_days: int) -> tuple[Decimal, Decimal]:
        """The lowest and highest price that so many trading days after a close can bring.

        Each day moves by at most the limit from the close before, rounded to the tick: from 51.23
        to 46.11 or 56.35 in one day, and from there again. Over a gap the limit applies once a day.
        """
        low = high = close
        for _ in range(min(trading_days, LONGEST_GAP)):
            low = to_tick(low * (1 - self.limit), self.tick)
            high = to_tick(high * (1 + self.limit), self.tick)
        return low, high


@dataclass(frozen=True, slots=True)
class MarketRules:
    """All rules of all markets."""

    rules: tuple[MarketRule, ...]

    def on(self, kind: InstrumentKind, day: date) -> MarketRule | None:
        """Find the rule in force on a day; None before the market opened."""
        past = [rule for rule in self.rules if rule.kind is kind and rule.valid_from <= day]
        return max(past, key=lambda rule: rule.valid_from, default=None)


def read_market_rules(lines: Iterable[str]) -> MarketRules:
    """Read lines of ``kind,valid_from,tick,limit,source``; lines with # first are remarks."""
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return MarketRules(tuple(_rule(row) for row in rows))


def _rule(row: dict[str, str]) -> MarketRule:
    return MarketRule(
        kind=InstrumentKind(row["kind"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        tick=Decimal(row["tick"]),
        limit=Decimal(row["limit"]),
        source=row["source"],
    )
