"""What the market of one kind of instrument is taken to be, and how it may be otherwise."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np

from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import InstrumentKind
from services.pricing.domain.guarantee.arrays import Floats
from services.pricing.domain.guarantee.decimals import to_binary, year_fraction
from services.pricing.domain.guarantee.inquiry import ForwardPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Forward prices and volatility of a kind; either ``spot`` with ``carry_rate``, or a curve.

    ``price_factor`` moves all forwards: 0.9 is ten percent lower.
    """

    kind: InstrumentKind
    volatility: Decimal
    spot: Decimal | None = None
    carry_rate: Decimal = Decimal(0)
    forward_curve: tuple[ForwardPoint, ...] = ()
    price_factor: Decimal = Decimal(1)
    series: PriceSeriesName | None = None
    spot_source: str = ""
    volatility_source: str = ""

    def moved(self, factor: Decimal) -> "Market":
        """The same market with all forwards moved."""
        return replace(self, price_factor=self.price_factor * factor)

    def with_volatility(self, volatility: Decimal) -> "Market":
        """The same market with another volatility."""
        return replace(self, volatility=volatility)

    def forwards(self, days: list[date], *, start: date) -> Floats:
        """The forward price of each day; the curve grows at a constant rate between its days."""
        years = years_to(days, start=start)
        factor = to_binary(self.price_factor)
        if self.spot is not None:
            grown: Floats = np.exp(to_binary(self.carry_rate) * years)
            return to_binary(self.spot) * factor * grown
        known = [year_fraction((point.date - start).days) for point in self.forward_curve]
        logarithms = np.log([to_binary(point.price) for point in self.forward_curve])
        return factor * np.exp(np.interp(years, known, logarithms))

    def level(self, *, start: date) -> float:
        """The price that greeks are by: the spot, or the forward of the valuation date."""
        return float(self.forwards([start], start=start)[0])


def years_to(days: list[date], *, start: date) -> Floats:
    """Count years of 365 days from the valuation to each day."""
    return np.array([year_fraction((day - start).days) for day in days], dtype=np.float64)
