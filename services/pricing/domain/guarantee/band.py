"""How far the break-even price moves when volatility or drift are not what was assumed."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import numpy as np

from services.pricing.domain.guarantee.average import Averages, Schedule, audit_law, default_laws
from services.pricing.domain.guarantee.break_even import break_even_prices
from services.pricing.domain.guarantee.decimals import to_decimal
from services.pricing.domain.guarantee.model import WIDEST_DEFAULT
from services.pricing.domain.guarantee.promise import Promises

MOVES = (-0.1, 0.0, 0.1)
"""Ten points of volatility, and ten percent of growth a year, down and up."""

_MOVES = tuple(product(MOVES, MOVES))
_OWN = _MOVES.index((0.0, 0.0))


@dataclass(frozen=True, slots=True)
class BandPoint:
    """The break-even price where ``volatility`` holds at the last fixing, and forwards grow.

    ``volatility`` is a year's, held at zero or above; ``drift`` is what is added to the growth of
    all forwards a year, continuous. The price is CNY per tonne.
    """

    volatility: Decimal
    drift: Decimal
    price: Decimal


def break_even_band(schedule: Schedule, promises: Promises, *, own: float) -> tuple[BandPoint, ...]:
    """Find the break-even prices of nine outlooks; ``own`` is that of the outlook itself."""
    averages = schedule.shifted(
        volatilities=[move for move, _ in _MOVES], drifts=[move for _, move in _MOVES]
    )
    prices = _prices(averages, promises) if schedule.years.size else np.full(len(_MOVES), own)
    prices[_OWN] = own
    figures = zip(averages.volatilities.tolist(), _MOVES, prices.tolist(), strict=True)
    return tuple(
        BandPoint(to_decimal(volatility), to_decimal(drift), to_decimal(price))
        for volatility, (_, drift), price in figures
    )


def _prices(averages: Averages, promises: Promises) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Price by the default laws together, and by an audit law each where they do not hold."""
    laws, margins = default_laws(averages), np.zeros(1)
    prices = break_even_prices(laws=laws, promises=promises, margins=margins)
    for row in np.flatnonzero(laws.deviation > WIDEST_DEFAULT):
        law = audit_law(averages.take(slice(row, row + 1)), with_vega=False)
        prices[row] = break_even_prices(laws=law, promises=promises, margins=margins)[0]
    return prices
