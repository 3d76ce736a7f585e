"""What one promise breaks even at, and how far that moves with volatility and drift."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import numpy as np

from services.pricing.domain.guarantee.arrays import AverageLaws, Floats
from services.pricing.domain.guarantee.average import Averages, Schedule, audit_law, default_laws
from services.pricing.domain.guarantee.break_even import break_even_prices
from services.pricing.domain.guarantee.certain import CertainLaw
from services.pricing.domain.guarantee.conditioning import ConditionedLaws
from services.pricing.domain.guarantee.decimals import to_decimal
from services.pricing.domain.guarantee.model import (
    AUDIT_MODEL,
    CERTAIN_MODEL,
    DEFAULT_MODEL,
    WIDEST_DEFAULT,
)
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
    """The break-even ``price`` under its law, the name of its model, and the prices around it."""

    law: AverageLaws
    model: str
    price: float
    band: tuple[BandPoint, ...]


def break_even_of(*, schedule: Schedule, promises: Promises) -> BreakEven:
    """Find the break-even prices of one promise in nine outlooks, its own in the middle.

    Raises:
        NoBreakEven: every gain is the customer's.
    """
    own = schedule.averages
    expected = float(own.known[0] + own.forwards.sum())
    if not schedule.years.size:
        price = _price(CertainLaw(expected), promises)
        band = _points(np.full(len(_DRIFTS), own.volatilities[0]), np.full(len(_DRIFTS), price))
        return BreakEven(CertainLaw(expected), CERTAIN_MODEL, price, band)
    outlooks = schedule.shifted(volatilities=_VOLATILITIES, drifts=_DRIFTS)
    laws = default_laws(outlooks)
    prices = _prices(laws, outlooks, promises)
    law: AverageLaws = laws.only(_OWN)
    model, price = DEFAULT_MODEL, float(prices[_OWN])
    if not own.variances[0, -1] > 0.0:
        law, model = CertainLaw(expected), CERTAIN_MODEL
    elif laws.deviation[_OWN, 0] > WIDEST_DEFAULT:
        law, model = audit_law(own), AUDIT_MODEL
    if model != DEFAULT_MODEL:
        price = prices[_OWN] = _price(law, promises)
    return BreakEven(law, model, price, _points(outlooks.volatilities, prices))


def _points(volatilities: Floats, prices: Floats) -> tuple[BandPoint, ...]:
    figures = zip(volatilities.tolist(), _SHOWN_DRIFTS, prices.tolist(), strict=True)
    return tuple(
        BandPoint(to_decimal(volatility), drift, to_decimal(price))
        for volatility, drift, price in figures
    )


def _price(law: AverageLaws, promises: Promises) -> float:
    return float(break_even_prices(laws=law, promises=promises, margins=np.zeros(1))[0])


def _prices(laws: ConditionedLaws, outlooks: Averages, promises: Promises) -> Floats:
    """Price by the default laws together, and by an audit law each where they do not hold."""
    prices = break_even_prices(laws=laws, promises=promises, margins=np.zeros(1))
    for row in np.flatnonzero(laws.deviation[:, 0] > WIDEST_DEFAULT).tolist():
        if row != _OWN:
            law = audit_law(outlooks.take(slice(row, row + 1)), with_vega=False)
            prices[row] = _price(law, promises)
    return prices
