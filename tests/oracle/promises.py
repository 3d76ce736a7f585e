"""Prices of promises by other means: plain paths, and plain integrals over two moves of the price.

Nothing of the pricer is used. An average is told by what is known, and by weight times forward and
total variance of each open fixing, in time order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, qmc

Numbers = NDArray[np.float64]
Tiers = tuple[tuple[float, float], ...]


def averages_on_paths(
    known: float, forwards: Numbers, variances: Numbers, *, seed: int, doublings: int = 16
) -> Numbers:
    """Let prices run along low-discrepancy paths, and average them on each."""
    points = qmc.Sobol(len(forwards), seed=seed).random_base2(doublings)
    normals = norm.ppf(points * (1.0 - 1e-12) + 5e-13)
    moves = np.sqrt(np.diff(variances, prepend=0.0))
    # The last coordinates of such points are the worst ones: the first carry the large moves.
    logarithms = np.cumsum(normals[:, np.argsort(np.argsort(-moves))] * moves, axis=1)
    prices: Numbers = np.exp(logarithms - 0.5 * variances) @ forwards
    return known + prices


def house_profit(
    averages: Numbers, *, side: int, price: float, tiers: Tiers, cap: float
) -> Numbers:
    """What the house keeps at some averages, CNY per tonne, as the contract words it.

    ``side`` is 1 for a purchase and -1 for a sale; ``tiers`` are (end of the gain, share);
    ``cap`` is what it loses at most.
    """
    gain = side * (price - averages)
    shared, start = np.zeros_like(gain), 0.0
    for end, share in tiers:
        shared += share * np.clip(gain - start, 0.0, end - start)
        start = end
    return np.maximum(gain, -cap) - shared


@dataclass(frozen=True, slots=True)
class Tail:
    """What is lost beyond a probability: the edge, and the mean."""

    edge: float
    mean: float


def tail_of(profits: Numbers, probability: float = 0.01) -> Tail:
    """Sort all outcomes, and take the worst."""
    worst = np.sort(-profits)[::-1][: round(probability * len(profits))]
    return Tail(float(worst[-1]), float(worst.mean()))


def call_on_three(known: float, forwards: Numbers, variances: Numbers, strike: float) -> float:
    """Integrate a call on an average of three fixings: two moves on a grid, the last by Black."""
    grid = np.linspace(-9.0, 9.0, 721)
    masses = norm.pdf(grid) * (grid[1] - grid[0])
    one, two, three = np.sqrt(np.diff(variances, prepend=0.0))
    first = np.exp(one * grid - 0.5 * one**2)[:, None]
    second = first * np.exp(two * grid - 0.5 * two**2)
    wanted = strike - known - forwards[0] * first - forwards[1] * second
    forward = forwards[2] * second
    positive = np.where(wanted > 0.0, wanted, 1.0)
    above = np.log(forward / positive) / three + 0.5 * three
    black = forward * norm.cdf(above) - positive * norm.cdf(above - three)
    return float(masses @ np.where(wanted > 0.0, black, forward - wanted) @ masses)
