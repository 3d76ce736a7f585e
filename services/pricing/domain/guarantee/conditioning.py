"""The default pricer: condition on the weighted mean of logarithms, then correct by the variance.

The average is ``a + sum x_i M_i``, where ``a`` is known, ``x_i`` is weight times forward, and
``M_i`` a lognormal of mean 1 with total variance ``V_i``. Given the standard normal ``Z`` of the
weighted mean of logarithms each ``M_i`` is lognormal, so the conditional mean is explicit and gives
a lower bound of a call; the conditional variance adds the leading term of what is missing.
Sources: Curran 1994; Rogers and Shi 1995; docs/reference/guarantee-pricer.md has every formula.

Fixings are kept from the last to the first, so that running sums are the sums over later fixings.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from services.pricing.domain.guarantee.arrays import Calls, Floats, Rows

_LEAST_VARIANCE = 1e-20
"""A volatility of 1e-10: where nothing moves all formulas stay finite, and hold to 1e-8 CNY."""

_FARTHEST = 38.0
"""Beyond this the normal density is zero in binary numbers."""

_NEAR = 1e-3
"""A Newton step below this leaves an error of its square, which the expansion then removes."""

_MOST_STEPS = 60
_ROOT_OF_TWO_PI = float(np.sqrt(2.0 * np.pi))


class _Point(NamedTuple):
    """A call at the strike that belongs to ``z``: ``reached`` is that strike less what is known."""

    reached: Floats
    speed: Floats
    value: Floats
    slope: Floats
    curvature: Floats
    density: Floats


@dataclass(frozen=True, slots=True)
class ConditionedLaws:
    """The laws of many averages, one a row; built by ``conditioned_laws``."""

    known: Floats
    future: Floats
    deviation: Floats
    forwards: Floats
    powers: Floats
    half_squares: Floats
    steps: Floats

    @property
    def expected(self) -> Floats:
        """The mean of each average."""
        return self.known + self.future

    @property
    def spread(self) -> Floats:
        """The standard deviation of each average, to first order."""
        return self.future * self.deviation

    def take(self, rows: Rows) -> "ConditionedLaws":
        """Pick laws by row, also repeatedly."""
        return ConditionedLaws(
            self.known[rows],
            self.future[rows],
            self.deviation[rows],
            self.forwards[rows],
            self.powers[:, rows],
            self.half_squares[rows],
            self.steps[:, rows],
        )

    def calls(self, strikes: Floats, *, after: Calls | None = None) -> Calls:
        """Price calls, laws by strikes; where what is known exceeds the strike, exactly."""
        laws, each = strikes.shape
        rows = self if each == 1 else self.take(np.repeat(np.arange(laws), each))
        start = None if after is None or after.position is None else after.position.ravel()
        priced = _priced(rows, strikes.ravel(), start)
        return Calls(*(array.reshape(laws, each) for array in priced))

    def quantiles(self, probabilities: Floats) -> Floats:
        """Find quantiles by Newton from those of the normal; two steps leave 1e-9 or less."""
        laws, each = len(self.known), len(probabilities)
        rows = self.take(np.repeat(np.arange(laws), each))
        wanted = np.tile(probabilities, laws)
        z = np.tile(ndtri(probabilities), laws)
        point = _at(rows, z)
        off = (1.0 + point.slope - wanted) / point.curvature
        point = _at(rows, z - off / point.speed)
        off = (1.0 + point.slope - wanted) / point.curvature
        return (rows.known + point.reached - off).reshape(laws, each)


def conditioned_laws(*, known: Floats, forwards: Floats, variances: Floats) -> ConditionedLaws:
    """Prepare laws from what is known, and per fixing in time order weight x forward and variance.

    ``forwards`` and ``variances`` are laws by fixings; a fixing of no weight may fill up a row.
    """
    latest_first = np.ascontiguousarray(forwards[:, ::-1])
    variance = np.maximum(variances[:, ::-1], _LEAST_VARIANCE)
    before = np.zeros_like(variance)
    before[:, :-1] = variance[:, 1:]
    step = variance - before
    later = np.cumsum(latest_first, axis=-1)
    covariance = np.cumsum((step * later)[:, ::-1], axis=-1)[:, ::-1]
    deviation = np.sqrt(np.vecdot(latest_first, covariance))
    loadings = covariance / deviation[:, None]
    squares = loadings * loadings
    half_steps = 0.5 * (variance * variance - before * before)
    return ConditionedLaws(
        known=known,
        future=later[:, -1],
        deviation=deviation / later[:, -1],
        forwards=latest_first,
        powers=np.stack([np.ones_like(loadings), loadings, squares, squares * loadings]),
        half_squares=0.5 * squares,
        steps=np.stack([step + half_steps, -step]),
    )


def _conditional_variance(
    steps: Floats, later: Floats, fourth: Floats
) -> tuple[Floats, Floats, Floats]:
    """The variance given ``z``, and its two derivatives, with ``exp(R) - 1`` as ``R + R**2 / 2``.

    ``R_ij = min(V_i, V_j) - a_i a_j``, so a double sum over ``min`` is a single one over steps of
    variance times products of sums over later fixings.
    """
    _, first, second, third = later[..., -1]
    weighted = later[:2] * steps
    value = np.vecdot(weighted, later[:2]).sum(axis=0) - first**2 + 0.5 * second**2
    slope = np.vecdot(weighted, later[1:3]).sum(axis=0) - first * second + 0.5 * second * third
    bend = np.vecdot(weighted, later[2:4]) + np.vecdot(later[1:3] * steps, later[1:3])
    rest = 0.5 * (third**2 + second * fourth) - second**2 - first * third
    return value, 2.0 * slope, 2.0 * (bend.sum(axis=0) + rest)


def _priced(laws: ConditionedLaws, strikes: Floats, start: Floats | None) -> tuple[Floats, ...]:
    wanted = strikes - laws.known
    is_open = wanted > 0.0
    if not is_open.all():
        wanted = np.where(is_open, wanted, laws.future)
    z = _solve(laws, wanted, _guess(laws, wanted) if start is None else start)
    point = _at(laws, z)
    off = wanted - point.reached
    value = point.value + off * (point.slope + 0.5 * off * point.curvature)
    value = np.clip(value, np.maximum(laws.future - wanted, 0.0), laws.future)
    slope = np.clip(point.slope + off * point.curvature, -1.0, 0.0)
    curvature, log_vega = np.maximum(point.curvature, 0.0), point.density * point.speed
    if not is_open.all():
        value = np.where(is_open, value, laws.known + laws.future - strikes)
        slope = np.where(is_open, slope, -1.0)
        curvature, log_vega = curvature * is_open, log_vega * is_open
    return value, slope, curvature, log_vega, z


def _guess(laws: ConditionedLaws, wanted: Floats) -> Floats:
    guess = np.log(wanted / laws.future) / laws.deviation + 0.5 * laws.deviation
    return np.clip(guess, -_FARTHEST, _FARTHEST)


def _solve(laws: ConditionedLaws, wanted: Floats, z: Floats) -> Floats:
    """Find where the conditional mean equals ``wanted``: Newton on its logarithm."""
    loadings = laws.powers[1]
    for _ in range(_MOST_STEPS):
        given = laws.forwards * np.exp(loadings * z[:, None] - laws.half_squares)
        mean = given.sum(axis=-1)
        step = np.log(mean / wanted) * mean / np.vecdot(given, loadings)
        moved = np.clip(z - step, -_FARTHEST, _FARTHEST)
        near = np.abs(moved - z).max(initial=0.0) < _NEAR
        z = moved
        if near:
            break
    return z


def _at(laws: ConditionedLaws, z: Floats) -> _Point:
    """Price at the strike of ``z``, with two derivatives by that strike."""
    loadings, column = laws.powers[1], z[:, None]
    given = laws.forwards * np.exp(loadings * column - laws.half_squares)
    later = np.cumsum(laws.powers * given, axis=-1)
    mean, speed, second, third = later[..., -1]
    fourth = np.vecdot(given * laws.powers[2], laws.powers[2])
    variance = _conditional_variance(laws.steps, later, fourth)
    density = np.exp(-0.5 * z * z) / _ROOT_OF_TWO_PI
    above = ndtr(-z)
    bound = np.vecdot(laws.forwards, ndtr(loadings - column)) - mean * above
    factor, tilt = density / (2.0 * speed), -z - second / speed
    bend = (second / speed) ** 2 - third / speed - 1.0
    first = factor * (variance[1] + tilt * variance[0])
    slower = factor * (variance[2] + tilt * variance[1] + bend * variance[0]) + tilt * first
    return _Point(
        reached=mean,
        speed=speed,
        value=bound + factor * variance[0],
        slope=first / speed - above,
        curvature=(density + (slower - first * second / speed) / speed) / speed,
        density=density,
    )
