"""What the variance alone leaves out of a call: the third moment of the average given ``z``.

With e the rest of the average given ``z``, of variance H, third moment T and fourth moment 3 H^2,
a call on ``K(z) + e`` is ``LB + H w / 2 - (T w)' / 6 + (3 H^2 w)'' / 24``, where ``w = n(z) / K'``
and a dash is a derivative by the strike. To the order of what is left out, e is a linear and half a
quadratic form of normals, so ``T = 3 sum_j v_j g_j^2 + tr (D R)^3`` with ``g = R v``, ``D = diag
v``. Since R is that of ``min(V_i, V_j)`` less a product, all of it is sums along the fixings.
Derivatives by ``z`` come exactly, as Taylor series; see ``series.py``.
Source: docs/reference/guarantee-pricer.md.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from services.pricing.domain.guarantee import series
from services.pricing.domain.guarantee.arrays import Floats, Rows

_LOOKED_AT = np.array([-2.0, 2.0])


class Skew(NamedTuple):
    """What is added to a call, its slope and its curvature by the strike; laws by strikes."""

    value: Floats
    slope: Floats
    curvature: Floats


@dataclass(frozen=True, slots=True)
class Openness:
    """What some laws leave open given ``z``; laws by one by fixings, the earliest first.

    ``slopes`` are those of the logarithms by ``z``, ``steps`` those of the variance from fixing to
    fixing, of which ``variances`` is the sum.
    """

    forwards: Floats
    slopes: Floats
    variances: Floats
    steps: Floats

    def take(self, laws: Rows) -> "Openness":
        """Pick laws."""
        return Openness(
            self.forwards[laws], self.slopes[laws], self.variances[laws], self.steps[laws]
        )

    def asymmetry(self) -> Floats:
        """How far each law leans to one side given ``z``; no unit.

        What is linear in the third moment two deviations out, over the square of the speed.
        """
        amounts = self._amounts(_LOOKED_AT)
        speed = np.vecdot(amounts, self.slopes)
        left = np.cumsum(self.steps * _later(amounts), axis=-1) - self.slopes * speed[..., None]
        lean = np.vecdot(amounts * left, left) / speed**2
        asymmetry: Floats = 3.0 * lean.sum(axis=-1) / self.forwards.sum(axis=-1)[:, 0]
        return asymmetry

    def skew(self, z: Floats) -> Skew:
        """Compute what the variance leaves out."""
        slopes = self.slopes[:, :, None]
        given = self._given(z)
        tilted = given * slopes
        speed, bent = tilted.sum(axis=-1), (tilted * slopes).sum(axis=-1)
        together, reach = self._together(given), self._together(tilted)
        left = together - slopes * speed[..., None]
        later, joint = _later(given), series.gram(tilted, reach)
        square = series.gram(later, later * _rises(self.variances**2)[:, :, None])
        square += series.times(bent, bent) - 2.0 * joint
        cube = self._triple(later) - 3.0 * series.gram(series.along(given, reach), reach)
        cube += series.times(bent, 3.0 * joint - series.times(bent, bent))
        variance = series.gram(given, left) + 0.5 * square
        third = 3.0 * series.gram(series.along(given, left), left) + cube
        return _expanded(z, speed, variance, third)

    def _given(self, z: Floats) -> Floats:
        """What each fixing contributes; laws by strikes by powers by fixings."""
        return self._amounts(z)[..., None, :] * series.exponential(self.slopes)

    def _amounts(self, z: Floats) -> Floats:
        exponents: Floats = self.slopes * z[..., None] - 0.5 * self.slopes**2
        return self.forwards * np.exp(exponents)

    def _together(self, amounts: Floats) -> Floats:
        """Sum amounts times the lesser of two variances, for each fixing."""
        return np.cumsum(self.steps[:, :, None] * _later(amounts), axis=-1)

    def _triple(self, later: Floats) -> Floats:
        """Sum triples of amounts times the three lesser variances of their pairs.

        Told by steps of the variance: the latest step of three counts what is later than it twice,
        the one before it once.
        """
        steps, before = self.steps[:, :, None], (self.variances - self.steps)[:, :, None]
        twice = np.cumsum(_rises(self.variances**2)[:, :, None] * later, axis=-1)
        earlier = np.concatenate([np.zeros_like(twice[..., :1]), twice[..., :-1]], axis=-1)
        inner = 3.0 * steps * earlier + steps**2 * (3.0 * before + steps) * later
        return series.gram(series.along(later, later), inner)


def _expanded(z: Floats, speed: Floats, variance: Floats, third: Floats) -> Skew:
    """Put moments, as series, into the expansion."""
    inverse = series.inverse(speed)
    weight = series.times(series.normal_density(z), inverse)
    tails = series.times(series.times(variance, variance), weight) / 8.0
    bent = series.times(series.derivative(tails), inverse) - series.times(third, weight) / 6.0
    value = series.times(series.derivative(bent), inverse)
    slope = series.times(series.derivative(value), inverse)
    curvature = series.times(series.derivative(slope), inverse)
    return Skew(value[..., 0], slope[..., 0], curvature[..., 0])


def _later(amounts: Floats) -> Floats:
    """Sum along the fixings, from each to the last."""
    return np.cumsum(amounts[..., ::-1], axis=-1)[..., ::-1]


def _rises(rising: Floats) -> Floats:
    return np.diff(rising, axis=-1, prepend=0.0)
