"""Volatility of a series of closes: robust to stale days and jumps, daily and over weeks.

Sources: Huber (1964) for winsorising by the median absolute deviation; Newey and West (1987) for
the long-run variance, with the lag of Andrews (1991) for a first-order autocorrelation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from services.kernel.errors import Refused
from services.kernel.identifiers import PriceSeriesName
from services.pricing.domain.price_point import DayFigures, PriceQuality, lowest
from services.pricing.domain.rounding import to_six_places

DAYS_OF_A_YEAR = 365
LEAST_MOVES = 20
"""Fewer moves than these say next to nothing: the error of a volatility is 1 / sqrt(2 n) of it."""
RECENT_MOVES = 20
HALF_LIFE_MOVES = 60
WINSORISED_AT = 4
"""Robust standard deviations beyond which a move is a jump."""
QUOTING_FLOOR = Decimal("0.20")
"""A year without news is no promise of another: nothing is quoted below this."""
MOST_LAGS = 60

_MAD_TO_SIGMA = 1.482602218505602
"""Median absolute deviation of a normal distribution to its standard deviation."""
_MEAN_TO_SIGMA = 1.2533141373155003
"""Mean absolute deviation of a normal distribution to its standard deviation."""

Numbers = NDArray[np.float64]


class TooFewPrices(Refused):
    """There are not enough moves between traded days to tell a volatility from chance."""

    reason = "PRICE_MISSING"


class VolatilityMethod(StrEnum):
    """Which figure is the answer: all moves alike, newer ones heavier, over weeks, or the last 20.

    QUOTING is the largest of long-run, the last 20, and the floor of 20 %.
    """

    CLOSE_TO_CLOSE = "CLOSE_TO_CLOSE"
    EWMA = "EWMA"
    LONG_RUN = "LONG_RUN"
    RECENT = "RECENT"
    QUOTING = "QUOTING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Volatility:
    """Volatilities a year, as parts of one (0.28 is 28 %), six decimals, and what they rest on.

    ``jump_share`` is the part of all squared moves that winsorising took away, 0 to 1.
    ``observations`` counts moves between traded days, ``stale_days`` the days left out,
    ``lags`` the days that the long-run figure looks back over.
    """

    close_to_close: Decimal
    ewma: Decimal
    long_run: Decimal
    recent: Decimal
    jump_share: Decimal
    observations: int
    jumps: int
    stale_days: int
    lags: int
    first_day: date
    last_day: date
    lowest_quality: PriceQuality

    @property
    def quoting(self) -> Decimal:
        """The volatility to quote with: ``max(long run, the last 20 moves, 20 %)``."""
        return max(self.long_run, self.recent, QUOTING_FLOOR)

    def by(self, method: VolatilityMethod) -> Decimal:
        """The figure of a method."""
        return {
            VolatilityMethod.CLOSE_TO_CLOSE: self.close_to_close,
            VolatilityMethod.EWMA: self.ewma,
            VolatilityMethod.LONG_RUN: self.long_run,
            VolatilityMethod.RECENT: self.recent,
            VolatilityMethod.QUOTING: self.quoting,
        }[method]


def estimate_volatility(*, series: PriceSeriesName, days: Sequence[DayFigures]) -> Volatility:
    """Estimate the volatility of a span of days, in order of date.

    A day without trading is left out, not filled: the move across it counts once, with the time
    that it took. A variance is the sum of squared moves by the sum of their calendar time, so it
    does not matter whether weekends move prices. Moves beyond 4 robust standard deviations are cut
    to that size and their excess is told apart. The mean is not taken out: over a year or two it
    cannot be told from zero, and an average feels a trend as it feels a swing.

    Raises:
        TooFewPrices: fewer than 20 moves.
    """
    traded = [day for day in days if not day.stale]
    if len(traded) <= LEAST_MOVES:
        raise _too_few(series, moves=max(0, len(traded) - 1), stale=len(days) - len(traded))
    moves, years = _moves(traded)
    tame = _winsorised(moves, years)
    newer: Numbers = np.exp2((np.arange(moves.size) - (moves.size - 1)) / HALF_LIFE_MOVES)
    alike = np.ones(moves.size)
    last: Numbers = np.where(np.arange(moves.size) >= moves.size - RECENT_MOVES, 1.0, 0.0)
    lags = _lags(tame)
    return Volatility(
        close_to_close=_annual(_weighted(tame**2, alike), _weighted(years, alike)),
        ewma=_annual(_weighted(tame**2, newer), _weighted(years, newer)),
        long_run=_annual(_long_run(tame, lags), _weighted(years, alike)),
        recent=_annual(_weighted(tame**2, last), _weighted(years, last)),
        jump_share=_jump_share(moves, tame),
        observations=moves.size,
        jumps=int(np.count_nonzero(tame != moves)),
        stale_days=len(days) - len(traded),
        lags=lags,
        first_day=traded[0].date,
        last_day=traded[-1].date,
        lowest_quality=lowest([day.quality for day in traded]),
    )


def _moves(traded: Sequence[DayFigures]) -> tuple[Numbers, Numbers]:
    """Take logarithmic moves between closes, and the calendar time of each in years of 365 days."""
    closes = np.array([float(day.close) for day in traded])
    ordinals = np.array([day.date.toordinal() for day in traded], dtype=np.float64)
    return np.diff(np.log(closes)), np.diff(ordinals) / DAYS_OF_A_YEAR


def _winsorised(moves: Numbers, years: Numbers) -> Numbers:
    """Cut moves, scaled by the root of their time, to 4 robust standard deviations.

    No move grows by it: where most are alike, one that is smaller than they are is no jump.
    """
    scaled = moves / np.sqrt(years)
    middle = np.median(scaled)
    away = np.abs(scaled - middle)
    # More than half of all moves may be zero ticks; then the mean stands in for the median.
    sigma = _MAD_TO_SIGMA * np.median(away) or _MEAN_TO_SIGMA * np.mean(away)
    bound = WINSORISED_AT * sigma
    cut: Numbers = (middle + np.sign(scaled - middle) * bound) * np.sqrt(years)
    return np.where((away <= bound) | (np.abs(cut) >= np.abs(moves)), moves, cut)


def _lags(moves: Numbers) -> int:
    """Choose how far autocorrelation is looked for: Andrews' rule, at least Newey and West's."""
    count = moves.size
    total = float(moves @ moves)
    correlation = float(moves[1:] @ moves[:-1]) / total if total else 0.0
    correlation = min(max(correlation, -0.97), 0.97)
    alpha = 4 * correlation**2 / ((1 - correlation) ** 2 * (1 + correlation) ** 2)
    by_rule = 4 * (count / 100) ** (2 / 9)
    return min(
        int(np.ceil(max(by_rule, 1.1447 * (alpha * count) ** (1 / 3)))), MOST_LAGS, count - 1
    )


def _long_run(moves: Numbers, lags: int) -> float:
    """Sum squares and autocovariances with Bartlett weights, which never come below zero."""
    covariances = [float(moves[lag:] @ moves[:-lag]) for lag in range(1, lags + 1)]
    weights = 1 - np.arange(1, lags + 1) / (lags + 1)
    return max(0.0, float(moves @ moves) + 2 * float(weights @ np.array(covariances)))


def _jump_share(moves: Numbers, tame: Numbers) -> Decimal:
    total = float(moves @ moves)
    share = (total - float(tame @ tame)) / total if total else 0.0
    return to_six_places(Decimal(repr(min(max(share, 0.0), 1.0))))


def _weighted(figures: Numbers, weights: Numbers) -> float:
    return float(np.dot(figures, weights))


def _annual(squares: float, years: float) -> Decimal:
    return to_six_places(Decimal(repr(sqrt(squares / years))))


def _too_few(series: PriceSeriesName, *, moves: int, stale: int) -> TooFewPrices:
    without = f", {stale} day(s) without trading left out" if stale else ""
    return TooFewPrices(
        f"{series} has {moves} move(s) between traded days in that span{without};"
        f" a volatility needs at least {LEAST_MOVES}: ask for more days, or import prices",
        subject=series,
        metadata={"observations": str(moves), "least": str(LEAST_MOVES)},
    )
