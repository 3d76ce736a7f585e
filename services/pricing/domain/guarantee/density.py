"""The audit pricer: the law of an average by backward recursion of its density.

From the last fixing back, ``L_k = X_k + ln(x_k + exp(L_(k+1)))`` with ``X_k`` normal, so the
density of ``L_k`` is an integral over that of ``L_(k+1)``. The trapezoid rule on a logarithmic grid
is spectrally accurate. Over the first interval the average is lognormal given the rest, which makes
it a mixture of lognormals: calls on it are sums of Black's formula.
Source: docs/reference/guarantee-pricer.md.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from services.pricing.domain.guarantee.arrays import Calls, Floats, Survey

_REACH = 9.0
"""Standard deviations that a grid reaches to the left; what lies beyond weighs 1e-19."""

_REACH_RIGHT = 12.0
"""To the right, where few late fixings make a tail far heavier than the deviation tells."""

_POINTS_PER_DEVIATION = 1.35
"""Grid points per joint deviation of two neighbouring kernels: leaves 1e-13 of the value."""

MOST_FIXINGS = 128
"""More fixings are joined in neighbouring groups, each at its mean variance: moves 5e-4 CNY."""

_LEAST_SHARE = 2e-5
"""A step of less than this part of the whole variance is joined to its neighbour."""

_NEARBY = 9.0
"""Deviations of a kernel beyond which it weighs 3e-18."""

_BLOCK_CELLS = 2_000_000
_FEWEST_ROWS = 32
_MOST_STEPS = 80
_VEGA_BUMP = 1e-3
_ROOT_OF_TWO_PI = float(np.sqrt(2.0 * np.pi))


@dataclass(frozen=True, slots=True)
class DensityLaw:
    """The law of one average. ``width`` is its standard deviation, about.

    ``louder`` and ``quieter`` are the law with all volatilities a thousandth up and down; without
    them there is no vega.
    """

    mixture: "Mixture"
    width: float
    louder: "Mixture | None" = None
    quieter: "Mixture | None" = None

    @property
    def expected(self) -> Floats:
        """The mean, as an array of one."""
        return np.array([self.mixture.known + self.mixture.mean])

    @property
    def spread(self) -> Floats:
        """The standard deviation, about, as an array of one."""
        return np.array([self.width])

    @property
    def is_approached_roughly(self) -> bool:
        """Never."""
        return False

    def calls(self, strikes: Floats) -> Calls:
        """Price calls on the one average."""
        value, slope, curvature = self.mixture.black(strikes[0])
        log_vega = np.zeros_like(value)
        if self.louder is not None and self.quieter is not None:
            up, down = self.louder.black(strikes[0])[0], self.quieter.black(strikes[0])[0]
            log_vega = np.maximum((up - down) / (2.0 * _VEGA_BUMP), 0.0)
        return Calls(value[None], slope[None], curvature[None], log_vega[None])

    def approach(self, strikes: Floats, *, after: Calls | None) -> Calls:
        """Price calls; nothing is gained from an answer for strikes nearby."""
        del after
        return self.calls(strikes)

    def survey(self, strikes: Floats, probabilities: Floats) -> Survey:
        """Price calls, and find quantiles."""
        quantiles = self.mixture.quantiles(probabilities, width=self.width)
        return Survey(self.calls(strikes), quantiles, self.mixture.black(quantiles)[0])


@dataclass(frozen=True, slots=True)
class Mixture:
    """``known`` plus a mixture of lognormals of means ``levels`` and one deviation of logarithms.

    ``weights`` are the probabilities of its parts.
    """

    known: float
    levels: Floats
    weights: Floats
    deviation: float

    @property
    def mean(self) -> float:
        """The mean of what is not known."""
        return float(self.weights @ self.levels)

    def black(self, strikes: Floats) -> tuple[Floats, Floats, Floats]:
        """Price calls as a mixture, with two derivatives by the strike."""
        wanted = strikes - self.known
        is_open = wanted > 0.0
        strike = np.where(is_open, wanted, 1.0)[:, None]
        second = np.log(self.levels / strike) / self.deviation - 0.5 * self.deviation
        above = ndtr(second)
        value = (self.levels * ndtr(second + self.deviation) - strike * above) @ self.weights
        curvature = (np.exp(-0.5 * second * second) @ self.weights) / (
            _ROOT_OF_TWO_PI * self.deviation * strike[:, 0]
        )
        mean = self.mean
        return (
            np.where(is_open, np.clip(value, np.maximum(mean - wanted, 0.0), mean), mean - wanted),
            np.where(is_open, -(above @ self.weights), -1.0),
            curvature * is_open,
        )

    def quantiles(self, probabilities: Floats, *, width: float) -> Floats:
        """Find quantiles by Newton, held between bounds that close in on them.

        ``width`` is about the standard deviation.
        """
        low = np.full(probabilities.shape, self.known)
        high = np.full(probabilities.shape, np.inf)
        relative = width / self.mean
        price = self.known + self.mean * np.exp(relative * (ndtri(probabilities) - 0.5 * relative))
        for _ in range(_MOST_STEPS):
            _, slope, curvature = self.black(price)
            excess = 1.0 + slope - probabilities
            low, high = np.where(excess <= 0, price, low), np.where(excess >= 0, price, high)
            tried = price - excess / np.maximum(curvature, 1e-300)
            middle = np.where(np.isinf(high), 2.0 * price, 0.5 * (low + high))
            moved = np.where((tried >= low) & (tried <= high), tried, middle)
            close = (np.abs(moved - price) <= 1e-11 * self.mean).all()
            price = moved
            if close:
                break
        return price


def density_law(
    *,
    known: float,
    forwards: Floats,
    variances: Floats,
    with_vega: bool = True,
    most_fixings: int = MOST_FIXINGS,
) -> DensityLaw:
    """Compute the law of one average, fixings in time order; at least one variance is above zero.

    ``forwards`` are weight x forward price. Takes 1 to 20 ms for 12 to 60 fixings.
    """
    amounts, totals = _grouped(forwards, variances, most_fixings)
    mixture, width = _mixture(known, amounts, totals)
    if not with_vega:
        return DensityLaw(mixture, width)
    louder, _ = _mixture(known, amounts, totals * (1.0 + _VEGA_BUMP) ** 2)
    quieter, _ = _mixture(known, amounts, totals * (1.0 - _VEGA_BUMP) ** 2)
    return DensityLaw(mixture, width, louder, quieter)


def _mixture(known: float, forwards: Floats, variances: Floats) -> tuple[Mixture, float]:
    already, amounts, steps = _joined(forwards, variances)
    later = np.cumsum(amounts[::-1])[::-1]
    covariance = np.cumsum((steps * later * later)[::-1])[::-1]
    deviations = np.sqrt(covariance) / later
    levels, weights = amounts[:1], np.ones(1)
    if len(amounts) > 1:
        logarithms, weights = _density_after_first(amounts, steps, later, deviations)
        levels = amounts[0] + np.exp(logarithms)
    mixture = Mixture(known + already, levels, weights, float(np.sqrt(steps[0])))
    return mixture, float(np.sqrt(covariance[0]))


def _grouped(forwards: Floats, variances: Floats, most: int) -> tuple[Floats, Floats]:
    """Leave out fixings of no weight, and join neighbours where there are too many."""
    used = forwards > 0.0
    amounts, totals = forwards[used], variances[used]
    if len(amounts) <= most:
        return amounts, totals
    groups = np.linspace(0, len(amounts), most + 1).astype(np.intp)[:-1]
    sums = np.add.reduceat(amounts, groups)
    return sums, np.add.reduceat(amounts * totals, groups) / sums


def _joined(amounts: Floats, totals: Floats) -> tuple[float, Floats, Floats]:
    """Join fixings between which too little moves; what is fixed before anything moves is known."""
    least = _LEAST_SHARE * totals[-1]
    already, joined, steps, reached = 0.0, [0.0], [0.0], 0.0
    for amount, total in zip(amounts.tolist(), totals.tolist(), strict=True):
        if total - reached >= least:
            joined.append(amount)
            steps.append(total - reached)
            reached = total
        elif len(joined) == 1:
            already += amount
        else:
            joined[-1] += amount
    return already, np.array(joined[1:]), np.array(steps[1:])


def _density_after_first(
    amounts: Floats, steps: Floats, later: Floats, deviations: Floats
) -> tuple[Floats, Floats]:
    """The logarithm of all but the first fixing, relative to the first: grid, probabilities."""
    last = len(amounts) - 1
    grid = _grid(last, steps, later, deviations)
    centre = np.log(amounts[last]) - 0.5 * steps[last]
    density = np.exp(-0.5 * (grid - centre) ** 2 / steps[last])
    density /= _ROOT_OF_TWO_PI * np.sqrt(steps[last])
    for fixing in range(last - 1, 0, -1):
        finer = _grid(fixing, steps, later, deviations)
        centres = np.log(amounts[fixing] + np.exp(grid)) - 0.5 * steps[fixing]
        density = _convolved(finer, centres, density * (grid[1] - grid[0]), steps[fixing])
        grid = finer
    return grid, density * (grid[1] - grid[0])


def _grid(fixing: int, steps: Floats, later: Floats, deviations: Floats) -> Floats:
    """Cover what the part from a fixing on may become, finely enough for the interval before it.

    The left end follows the deviation of the part. To the right its tail is that of the fixing
    that moves most, the last; and the mean weighs that tail by its size.
    """
    joint = float(np.sqrt(steps[fixing - 1] * steps[fixing] / (steps[fixing - 1] + steps[fixing])))
    whole = float(steps[fixing:].sum())
    centre = float(np.log(later[fixing])) - 0.5 * float(deviations[fixing]) ** 2
    low = centre - _REACH * float(deviations[fixing]) - 0.5 * whole
    high = centre + _REACH_RIGHT * float(deviations[fixing]) + whole
    points = int(np.ceil((high - low) * _POINTS_PER_DEVIATION / joint)) + 2
    return np.linspace(low, high, points)


def _convolved(grid: Floats, centres: Floats, masses: Floats, variance: float) -> Floats:
    """Spread masses at their rising centres by a normal; in blocks, each from what is near it."""
    deviation = float(np.sqrt(variance))
    reach = _NEARBY * deviation
    rows = min(int(0.5 * reach / (grid[1] - grid[0])), _BLOCK_CELLS // len(centres))
    rows = max(_FEWEST_ROWS, rows)
    parts = []
    for at in range(0, len(grid), rows):
        block = grid[at : at + rows]
        first, last = np.searchsorted(centres, (block[0] - reach, block[-1] + reach))
        away = (block[:, None] - centres[first:last]) / deviation
        parts.append(np.exp(-0.5 * away * away) @ masses[first:last])
    return np.concatenate(parts) / (_ROOT_OF_TWO_PI * deviation)
