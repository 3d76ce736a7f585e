"""What each contract is worth by itself: the law of its schedule's average, and its calls on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from services.pricing.domain.guarantee.arrays import AverageLaw, Calls, Floats
from services.pricing.domain.guarantee.average import Averages
from services.pricing.domain.guarantee.decimals import to_binary
from services.pricing.domain.guarantee.laws import laws_of
from services.pricing.domain.portfolio.market import Market, years_to
from services.pricing.domain.portfolio.risk import TAIL
from services.pricing.domain.portfolio.schedule import ScheduledPositions

_CHUNK_STRIKES = 800
"""Strikes that are priced at once: what stays in a processor's cache with a year of fixings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFigures:
    """Figures of the contracts of one schedule, one each; CNY for the house, discounted.

    ``delta`` and ``gamma`` are derivatives by the spot, once and twice, ``vega`` by 1.00 of
    volatility. ``var_99`` is the loss of the contract alone. ``expected`` is the mean of the whole
    average, CNY per tonne, and ``prices`` the mean promised price.
    """

    expected: Floats
    prices: Floats
    values: Floats
    delta: Floats
    gamma: Floats
    vega: Floats
    var_99: Floats


def contract_figures(
    positions: ScheduledPositions, *, market: Market, start: date, discount: float
) -> ContractFigures:
    """Price every contract of a schedule on the one law of its average."""
    law = _law(positions, market, start)
    mean = float(law.expected[0])
    level, volatility = market.level(start=start), to_binary(market.volatility)
    strikes, tonnes = positions.bends
    closed = ~(positions.open_share > 0.0)
    calls = _priced(law, strikes)
    constants, slopes = positions.line
    # With nothing left to deliver a call is its intrinsic value, whatever the market does.
    value = np.where(closed[:, None], np.maximum(-strikes, 0.0), calls.value)
    tonnes_open = np.where(closed[:, None], 0.0, tonnes)
    delta = slopes * mean + np.vecdot(tonnes_open, calls.value - strikes * calls.slope)
    gamma = np.vecdot(tonnes_open, strikes**2 * calls.curvature)
    vega = np.vecdot(tonnes_open, calls.log_vega) / volatility if volatility else 0.0 * delta
    return ContractFigures(
        expected=positions.known + positions.open_share * mean,
        prices=positions.prices,
        values=discount * (constants + slopes * mean + np.vecdot(tonnes, value)),
        delta=discount * delta / level,
        gamma=discount * gamma / level**2,
        vega=discount * vega,
        var_99=discount * _value_at_risk(positions, law),
    )


def _law(positions: ScheduledPositions, market: Market, start: date) -> AverageLaw:
    """The law of the average market price of the days left; certain where nothing can move."""
    days = list(positions.days)
    years = years_to(days, start=start)
    forwards = market.forwards(days, start=start) / max(1, len(days))
    variances = to_binary(market.volatility) ** 2 * years
    averages = Averages(
        known=np.zeros(1),
        forwards=forwards[None],
        variances=variances[None],
        levels=np.array([market.level(start=start)]),
        volatilities=np.array([to_binary(market.volatility)]),
    )
    return laws_of(averages, closely=0).only(0)


def _priced(law: AverageLaw, strikes: Floats) -> Calls:
    """Price many strikes of one law, some at a time."""
    parts = list(_parts(law, strikes.ravel()))
    value, slope, curvature, log_vega = (
        np.concatenate(column).reshape(strikes.shape) for column in zip(*parts, strict=True)
    )
    return Calls(value, slope, curvature, log_vega)


def _parts(law: AverageLaw, strikes: Floats) -> Iterator[tuple[Floats, Floats, Floats, Floats]]:
    for first in range(0, len(strikes), _CHUNK_STRIKES):
        calls = law.calls(strikes[None, first : first + _CHUNK_STRIKES])
        yield calls.value[0], calls.slope[0], calls.curvature[0], calls.log_vega[0]


def _value_at_risk(positions: ScheduledPositions, law: AverageLaw) -> Floats:
    """The loss at the average that is exceeded, or undercut, with a probability of 1 %."""
    at = law.survey(law.expected[None], np.array([TAIL, 1.0 - TAIL])).quantiles
    promises = positions.promises
    edge = np.where(promises.side > 0.0, at[1], at[0])
    constants, slopes = positions.line
    strikes, tonnes = positions.bends
    average = np.where(positions.open_share > 0.0, edge, 0.0)[:, None]
    options = np.vecdot(tonnes, np.maximum(average - strikes, 0.0))
    loss: Floats = -(constants + slopes * edge + options)
    return loss
