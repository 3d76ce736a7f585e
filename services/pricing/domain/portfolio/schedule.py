"""Contracts of one schedule together: the same days, so one average decides all of them.

Each payoff is piecewise linear in the average price R of the days that are left, so their sum is:
``constant + slope R + sum w_j (R - r_j)+``. The kinks r_j are sorted once, their weights cumulated;
then a single search finds the sum at any R, whatever the number of contracts.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from services.kernel.instrument import InstrumentKind
from services.kernel.period import Period
from services.pricing.domain.guarantee.arrays import Floats
from services.pricing.domain.guarantee.decimals import to_binary
from services.pricing.domain.guarantee.promise import Promises, PromiseTerms, promises_of
from services.pricing.domain.portfolio.position import OpenPosition
from services.pricing.domain.trading_calendar import TradingCalendar

Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledPositions:
    """Contracts that are decided by the same days, in binary numbers, one a row.

    ``days`` are those left. ``tonnes`` is the volume that counts: delivered, and left to deliver.
    Their average price is ``known + open_share R``, with R the average market price of the days
    left; ``prices`` is the mean promised price. CNY per tonne in each contract's tax basis.
    """

    kind: InstrumentKind
    days: tuple[date, ...]
    tonnes: Floats
    known: Floats
    open_share: Floats
    prices: Floats
    promises: Promises

    @property
    def line(self) -> tuple[Floats, Floats]:
        """What each contract pays apart from its calls: a constant, and a slope by R; CNY."""
        promises = self.promises
        constant = promises.slope * (self.prices - self.known) + promises.constant
        return self.tonnes * constant, -self.tonnes * promises.slope * self.open_share

    @property
    def bends(self) -> tuple[Floats, Floats]:
        """The calls of each contract on R: strikes, and tonnes by strike.

        With nothing left to deliver R is no part of the average, and stands for zero here.
        """
        strikes = self.promises.strikes(self.prices) - self.known[:, None]
        share = np.where(self.open_share > 0.0, self.open_share, 1.0)[:, None]
        return strikes / share, self.tonnes[:, None] * self.promises.quantities * share


@dataclass(frozen=True, slots=True)
class SummedPayoff:
    """What all contracts of a schedule pay the house, CNY, by the average R of the days left.

    Between two kinks it is ``constants[i] + slopes[i] R``.
    """

    kinks: Singles
    constants: Floats
    slopes: Floats

    def at(self, averages: Singles) -> Floats:
        """Sum the payoffs at many averages."""
        place = np.searchsorted(self.kinks, averages)
        result: Floats = self.constants[place] + self.slopes[place] * averages
        return result


def scheduled(
    positions: Sequence[OpenPosition], *, start: date, calendar: TradingCalendar
) -> tuple[tuple[tuple[int, ...], ScheduledPositions], ...]:
    """Group positions by the days left to them after ``start``; with each group its own places."""
    groups: dict[tuple[InstrumentKind, date, date], list[int]] = defaultdict(list)
    for place, position in enumerate(positions):
        first = max(start + timedelta(days=1), position.window.start)
        groups[position.kind, first, max(first, position.window.end)].append(place)
    return tuple(
        (tuple(places), on_days([positions[place] for place in places], days))
        for (_, first, end), places in sorted(groups.items())
        for days in [calendar.trading_days(Period(first, end))]
    )


def on_days(positions: Sequence[OpenPosition], days: tuple[date, ...]) -> ScheduledPositions:
    """Put contracts of one kind on the days left to them; without days nothing more comes."""
    left = [each.remaining_tonnes if days else 0 for each in positions]
    remaining = np.array(left, dtype=np.float64)
    tonnes = remaining + np.array([each.delivered_tonnes for each in positions])
    # A contract that delivered nothing, and will not, is worth nothing; per tonne of one tonne.
    each_tonne = np.maximum(tonnes, 1.0)
    open_promise = [each.price_over(days) for each in positions]
    promised = np.array([to_binary(each.promised_amount) for each in positions])
    promised += remaining * np.array([to_binary(price) for price in open_promise])
    paid = np.array([to_binary(each.delivered_amount) for each in positions])
    factors = 1.0 / (1.0 + np.array([to_binary(each.tax_rate) for each in positions]))
    return ScheduledPositions(
        kind=positions[0].kind,
        days=days,
        tonnes=tonnes,
        known=paid / each_tonne,
        open_share=remaining * factors / each_tonne,
        prices=promised / each_tonne,
        promises=_promises([each.terms for each in positions]),
    )


def summed_payoff(positions: ScheduledPositions) -> SummedPayoff:
    """Sum the payoffs of a schedule's contracts, once for all paths."""
    constants, slopes = positions.line
    strikes, weights = positions.bends
    closed = ~(positions.open_share > 0.0)
    constant = float(constants.sum()) + float(
        (weights[closed] * np.maximum(-strikes[closed], 0.0)).sum()
    )
    kinks, bends = strikes[~closed].ravel(), weights[~closed].ravel()
    order = np.argsort(kinks)
    kinks, bends = kinks[order], bends[order]
    after = np.concatenate([[0.0], np.cumsum(bends)])
    before = np.concatenate([[0.0], np.cumsum(bends * kinks)])
    return SummedPayoff(kinks.astype(np.float32), constant - before, float(slopes.sum()) + after)


def _promises(terms: Sequence[PromiseTerms]) -> Promises:
    """Cut each kind of promise once: many contracts share their terms."""
    places: dict[int, int] = {}
    kinds: list[PromiseTerms] = []
    rows: list[int] = []
    for each in terms:
        place = places.setdefault(id(each), len(kinds))
        if place == len(kinds):
            kinds.append(each)
        rows.append(place)
    cut = promises_of(kinds)
    return Promises(
        cut.side[rows],
        cut.slope[rows],
        cut.constant[rows],
        cut.offsets[rows],
        cut.quantities[rows],
        cut.ceiling[rows],
        cut.least_share[rows],
    )
