"""A call on an average, given where its strike lies on the weighted mean of the logarithms.

Everything is explicit in ``z``: the strike is ``K(z) = sum v_i`` with ``v_i = x_i exp(a_i z - a_i^2
/ 2)``, the lower bound is ``sum x_i N(a_i - z) - K N(-z)``, and the correction is the variance
given ``z``, ``H = sum_ij v_i v_j (R_ij + R_ij^2 / 2)`` with ``R_ij = min(V_i, V_j) - a_i a_j``,
times ``n(z) / (2 K')``, where ``K' = sum v_i a_i``. A derivative by the strike is one by z over K'.
A double sum over ``min`` is a single one over steps of V times products of sums over later fixings.
Where single fixings leave much open the third moment is added; see ``conditioned_skew.py``.
Sources: Curran 1994; Rogers and Shi 1995; docs/reference/guarantee-pricer.md.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from services.pricing.domain.guarantee.arrays import Floats, Rows
from services.pricing.domain.guarantee.conditioned_skew import Openness

_ROOT_OF_TWO_PI = float(np.sqrt(2.0 * np.pi))


@dataclass(frozen=True, slots=True)
class Loadings:
    """How fixings hang on the mean of the logarithms; laws by one by fixings, the last first.

    ``powers`` are the loadings ``a_i`` to the powers 0 to 3, one axis before fixings. ``steps`` are
    those of ``V + V^2 / 2`` from fixing to fixing, followed by minus those of ``V``. ``rough`` are
    the laws of which much is left open, told in ``openness``; None: of none.
    """

    forwards: Floats
    slopes: Floats
    half_squares: Floats
    powers: Floats
    steps: Floats
    rough: Rows
    openness: Openness | None

    def only(self, law: int) -> "Loadings":
        """Pick one law."""
        row, among, openness = slice(law, law + 1), self.rough[:0], None
        if self.openness is not None:
            among = np.flatnonzero(self.rough == law)
            openness = self.openness.take(among) if len(among) else None
        return Loadings(
            self.forwards[row],
            self.slopes[row],
            self.half_squares[row],
            self.powers[row],
            self.steps[row],
            np.zeros_like(among),
            openness,
        )

    def given(self, z: Floats) -> Floats:
        """What each fixing contributes on the mean, given ``z``; laws by strikes by fixings."""
        exponents: Floats = self.slopes * z[..., None]
        exponents -= self.half_squares
        np.exp(exponents, out=exponents)
        exponents *= self.forwards
        return exponents


class Point(NamedTuple):
    """A call at the strike that belongs to ``z``; laws by strikes.

    ``reached`` is the strike less what is known; ``speed``, ``second`` and ``third`` are its
    derivatives by z. ``slope`` and ``curvature`` are those of the value by the strike. The chance
    to end below the strike is ``N(z) + excess``; ``excess_slope``, the derivative of that by z, and
    ``louder``, what the correction adds to the derivative by the logarithm of all volatilities, are
    there only where the point is curved.
    """

    z: Floats
    reached: Floats
    speed: Floats
    second: Floats
    third: Floats
    value: Floats
    slope: Floats
    curvature: Floats
    density: Floats
    excess: Floats
    excess_slope: Floats
    louder: Floats

    def part(self, strikes: slice) -> "Point":
        """Pick strikes."""
        return Point(*(figure[:, strikes] for figure in self))


def conditioned_point(loadings: Loadings, z: Floats, *, curved: bool) -> Point:
    """Price at the strikes of ``z``.

    Unless ``curved``, the third moment is left out, and of the curvature all corrections.
    """
    given = loadings.given(z)
    later = np.cumsum(loadings.powers[:, :, : 4 if curved else 3] * given[:, :, None], axis=-1)
    reached, speed, second = later[..., 0, -1], later[..., 1, -1], later[..., 2, -1]
    third = later[..., 3, -1] if curved else np.vecdot(given, loadings.powers[:, :, 3])
    weighted = _pair(later, 0) * loadings.steps
    variance = np.vecdot(weighted, _pair(later, 0)) - speed * speed + 0.5 * second * second
    rising = np.vecdot(weighted, _pair(later, 1)) + second * (0.5 * third - speed)
    density = np.exp(-0.5 * z * z) / _ROOT_OF_TWO_PI
    above = ndtr(-z)
    share = density / speed
    factor, bent = 0.5 * share, second / speed
    tilt = -z - bent
    corrected = 2.0 * rising + tilt * variance
    excess = factor * corrected / speed
    bound = np.vecdot(loadings.forwards, ndtr(loadings.slopes - z[..., None])) - reached * above
    curvature, excess_slope, louder = share, excess, 0.0 * z
    if curved:
        bend, twice = _bend(loadings, given, later, weighted)
        fall = bent * bent - third / speed - 1.0
        slower = bend + 2.0 * tilt * rising + fall * variance + tilt * corrected
        excess_slope = factor * slower / speed - excess * bent
        curvature = share + excess_slope / speed
        # With all volatilities the loadings grow, and z moves so that the strike stays.
        move, faster = bent - z, speed - third + second * bent
        grown = 4.0 * variance - 2.0 * (_linear(loadings, later) + twice - bent * rising)
        louder = factor * (grown - variance * (z * move + faster / speed))
    point = Point(
        z=z,
        reached=reached,
        speed=speed,
        second=second,
        third=third,
        value=bound + factor * variance,
        slope=excess - above,
        curvature=curvature,
        density=density,
        excess=excess,
        excess_slope=excess_slope,
        louder=louder,
    )
    if curved and loadings.openness is not None:
        return _refined(point, loadings.rough, loadings.openness)
    return point


def _refined(point: Point, rough: Rows, openness: Openness) -> Point:
    """Add what the variance leaves out, where that is much."""
    skew = openness.skew(point.z[rough])
    return point._replace(
        value=_raised(point.value, rough, skew.value),
        slope=_raised(point.slope, rough, skew.slope),
        excess=_raised(point.excess, rough, skew.slope),
        curvature=_raised(point.curvature, rough, skew.curvature),
        excess_slope=_raised(point.excess_slope, rough, skew.curvature * point.speed[rough]),
    )


def _raised(figures: Floats, rows: Rows, by: Floats) -> Floats:
    raised = figures.copy()
    raised[rows] += by
    return raised


def _pair(later: Floats, power: int) -> Floats:
    """The sums of two neighbouring powers, one after the other along the fixings."""
    laws, strikes, _, fixings = later.shape
    return later[:, :, power : power + 2].reshape(laws, strikes, 2 * fixings)


def _linear(loadings: Loadings, later: Floats) -> Floats:
    """The part of the variance that is linear in what is left open."""
    first, fixings = later[:, :, 0], later.shape[-1]
    speed = later[..., 1, -1]
    linear: Floats = -np.vecdot(first * first, loadings.steps[..., fixings:]) - speed * speed
    return linear


def _bend(
    loadings: Loadings, given: Floats, later: Floats, weighted: Floats
) -> tuple[Floats, Floats]:
    """The second derivative of the variance by z, and the half of it that bends one factor twice.

    The latter is ``sum_ij a_i^2 v_i v_j (R_ij + R_ij^2 / 2)``.
    """
    speed, second, third = later[..., 1, -1], later[..., 2, -1], later[..., 3, -1]
    squares, middle = loadings.powers[:, :, 2], _pair(later, 1)
    fourth = np.vecdot(given * squares, squares)
    twice: Floats = np.vecdot(weighted, _pair(later, 2)) + 0.5 * second * fourth - speed * third
    both = np.vecdot(middle * loadings.steps, middle) + 0.5 * third * third - second * second
    bend: Floats = 2.0 * (twice + both)
    return bend, twice
