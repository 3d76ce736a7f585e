"""What one promise breaks even at, and how far that moves with volatility and drift."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import numpy as np

from services.pricing.domain.guarantee.arrays import AverageLaw
from services.pricing.domain.guarantee.average import Schedule
from services.pricing.domain.guarantee.break_even import break_even_prices
from services.pricing.domain.guarantee.decimals import to_decimal
from services.pricing.domain.guarantee.laws import laws_of
from services.pricing.domain.guarantee.promise import Promises

MOVES = (-0.1, 0.0, 0.1)
"""Ten points of volatility, and ten percent of growth a year, down and up."""

_VOLATILITIES, _DRIFTS = (np.array(moves) for moves in zip(*product(MOVES, MOVES), strict=True))
_OWN = len(MOVES) ** 2 // 2
_SHOWN_DRIFTS = tuple(to_decimal(drift) for drift in _DRIFTS.tolist())


@dataclass(frozen=True, slots=True)
class BandPoint:
    """The break-even price where ``volatility`` holds at the last fixing, and forwards grow.

    ``volatility`` is a year's, held at zero or above; ``drift`` is what is added to the growth of
    all forwards a year, continuous. The price is CNY per tonne.
    """

    volatility: Decimal
    drift: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The break-even ``price`` under its law, and the prices around it."""

    law: AverageLaw
    price: float
    band: tuple[BandPoint, ...]


def break_even_of(*, schedule: Schedule, promises: Promises) -> BreakEven:
    """Find the break-even prices of one promise in nine outlooks, its own in the middle.

    Raises:
        NoBreakEven: every gain is the customer's.
    """
    outlooks = schedule.shifted(volatilities=_VOLATILITIES, drifts=_DRIFTS)
    laws = laws_of(outlooks, closely=_OWN)
    prices = break_even_prices(laws=laws, promises=promises, margins=np.zeros(1))
    figures = zip(outlooks.volatilities.tolist(), _SHOWN_DRIFTS, prices.tolist(), strict=True)
    band = tuple(
        BandPoint(to_decimal(volatility), drift, to_decimal(price))
        for volatility, drift, price in figures
    )
    return BreakEven(laws.only(_OWN), float(prices[_OWN]), band)
