"""Taylor series around a point, cut after the fourth power; a few products, many at once.

A series is an array whose last axis is the power; ``gram`` and ``along`` take series of which each
is one fixing, the power before the last axis.
"""

from itertools import product
from math import factorial
from typing import Final

import numpy as np

from services.pricing.domain.guarantee.arrays import Floats

TERMS: Final = 5

_PAIRS = sorted((a + b, a, b) for a, b in product(range(TERMS), repeat=2) if a + b < TERMS)
_ONE, _OTHER = (np.array([pair[side] for pair in _PAIRS]) for side in (1, 2))
_STARTS = np.array([[pair[0] for pair in _PAIRS].index(power) for power in range(TERMS)])
_SUMS = np.array(
    [[float(a + b == power) for power in range(TERMS)] for a in range(TERMS) for b in range(TERMS)]
)
_POWERS = np.arange(TERMS)
_FACTORIALS = np.array([float(factorial(power)) for power in range(TERMS)])


def times(one: Floats, other: Floats) -> Floats:
    """Multiply two series."""
    return np.add.reduceat(one[..., _ONE] * other[..., _OTHER], _STARTS, axis=-1)


def along(one: Floats, other: Floats) -> Floats:
    """Multiply two series, fixing by fixing."""
    return np.add.reduceat(one[..., _ONE, :] * other[..., _OTHER, :], _STARTS, axis=-2)


def gram(one: Floats, other: Floats) -> Floats:
    """Multiply two series, fixing by fixing, and sum along the fixings."""
    each = np.matmul(one, other.swapaxes(-1, -2))
    summed: Floats = each.reshape(*each.shape[:-2], TERMS * TERMS) @ _SUMS
    return summed


def derivative(of: Floats) -> Floats:
    """Differentiate; the last power is lost and counts as nothing."""
    risen = np.zeros_like(of)
    risen[..., :-1] = of[..., 1:] * _POWERS[1:]
    return risen


def inverse(of: Floats) -> Floats:
    """One divided by a series."""
    found = np.zeros_like(of)
    found[..., 0] = 1.0 / of[..., 0]
    for power in range(1, TERMS):
        rest = np.vecdot(of[..., 1 : power + 1], found[..., power - 1 :: -1][..., :power])
        found[..., power] = -rest * found[..., 0]
    return found


def exponential(rates: Floats) -> Floats:
    """Growth at rates from one; the power before the last axis."""
    grown: Floats = rates[..., None, :] ** _POWERS[:, None] / _FACTORIALS[:, None]
    return grown


def normal_density(z: Floats) -> Floats:
    """The normal density around ``z``, by its recursion."""
    found = np.empty((*z.shape, TERMS))
    found[..., 0] = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    found[..., 1] = -z * found[..., 0]
    for power in range(1, TERMS - 1):
        found[..., power + 1] = -(z * found[..., power] + found[..., power - 1]) / (power + 1)
    return found
