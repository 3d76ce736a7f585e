"""What a promise pays, cut into a straight line and finitely many calls on the average.

Per tonne, with average A and promised price K: PURCHASE gives the house K - A, of which the
customer gets shares of what is above zero; SALE gives A - K. Tiers 0 = g_0 < g_1 < ... with shares
s_1, s_2, ... return ``sum (s_j - s_(j-1)) (gain - g_(j-1))+``; a loss cap L gives back what is lost
beyond it. A put is a call less the forward, so every promise is
``slope (K - A) + constant + sum quantity_j (A - K - offset_j)+``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np

from services.kernel.gain_share import GainShareTier
from services.kernel.instrument import GuaranteeSide
from services.pricing.domain.guarantee.arrays import Calls, Floats
from services.pricing.domain.guarantee.decimals import to_binary


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseTerms:
    """What is promised beside the price. No tiers: nothing is shared; None: losses have no cap."""

    side: GuaranteeSide
    gain_share_tiers: tuple[GainShareTier, ...] = ()
    loss_cap_per_tonne: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Promises:
    """Many promises, one a row, as lines and calls; built by ``promises_of``.

    ``side`` is 1 for PURCHASE, where a higher price is better for the house, and -1 for SALE.
    ``offsets`` and ``quantities`` are promises by calls; the first offset is always zero.
    ``ceiling`` is what a PURCHASE earns at most, infinite unless its last share is 1;
    ``least_share`` is the smallest share of its tiers.
    """

    side: Floats
    slope: Floats
    constant: Floats
    offsets: Floats
    quantities: Floats
    ceiling: Floats
    least_share: Floats

    def take(self, rows: slice) -> "Promises":
        """Pick a run of rows."""
        return Promises(
            self.side[rows],
            self.slope[rows],
            self.constant[rows],
            self.offsets[rows],
            self.quantities[rows],
            self.ceiling[rows],
            self.least_share[rows],
        )

    def strikes(self, prices: Floats) -> Floats:
        """The strikes of the calls at some promised prices; promises by calls."""
        strikes: Floats = prices[:, None] + self.offsets
        return strikes

    def expectation(self, prices: Floats, expected: Floats, values: Floats) -> Floats:
        """What the house expects, CNY per tonne, given the mean average and its calls."""
        line: Floats = self.slope * (prices - expected) + self.constant
        line += np.vecdot(self.quantities, values)
        return line

    def marginal(self, calls: Calls) -> Floats:
        """What the house gains per CNY of a higher promised price."""
        marginal: Floats = self.slope + np.vecdot(self.quantities, calls.slope)
        return marginal

    def house(self, price: float, averages: Floats) -> Floats:
        """What the first promise pays the house at some averages, CNY per tonne."""
        beyond = np.maximum(averages[:, None] - price - self.offsets[0], 0.0)
        house: Floats = self.slope[0] * (price - averages) + self.constant[0]
        house += beyond @ self.quantities[0]
        return house


def promises_of(terms: Sequence[PromiseTerms]) -> Promises:
    """Cut promises into lines and calls; shorter ones are filled up with calls of no quantity."""
    cut = [_cut(each) for each in terms]
    most = max(len(each.calls) for each in cut)
    padding = ((0.0, 0.0),)
    calls = np.array([each.calls + padding * (most - len(each.calls)) for each in cut])
    return Promises(
        np.array([each.side for each in cut]),
        np.array([each.slope for each in cut]),
        np.array([each.constant for each in cut]),
        np.ascontiguousarray(calls[..., 0]),
        np.ascontiguousarray(calls[..., 1]),
        np.array([each.ceiling for each in cut]),
        np.array([each.least_share for each in cut]),
    )


@dataclass(frozen=True, slots=True)
class _Cut:
    """One promise: its calls as (offset, quantity)."""

    side: float
    slope: float
    constant: float
    calls: tuple[tuple[float, float], ...]
    ceiling: float
    least_share: float


def _cut(terms: PromiseTerms) -> _Cut:
    shares = [to_binary(tier.customer_share) for tier in terms.gain_share_tiers] or [0.0]
    bounds = [tier.up_to_gain_per_tonne for tier in terms.gain_share_tiers[:-1]]
    floors = [0.0, *(to_binary(bound) for bound in bounds if bound is not None)]
    raises = [after - before for before, after in pairwise([0.0, *shares])]
    cap = None if terms.loss_cap_per_tonne is None else to_binary(terms.loss_cap_per_tonne)
    if terms.side is GuaranteeSide.PURCHASE:
        constant = sum(rise * floor for rise, floor in zip(raises, floors, strict=True))
        calls = [(-floor, -rise) for floor, rise in zip(floors, raises, strict=True)]
        calls += [] if cap is None else [(cap, 1.0)]
        ceiling = _ceiling(shares, floors)
        return _Cut(1.0, 1.0 - shares[-1], constant, tuple(calls), ceiling, min(shares))
    calls = [(floor, -rise) for floor, rise in zip(floors, raises, strict=True)]
    if cap is None:
        return _Cut(-1.0, -1.0, 0.0, tuple(calls), float("inf"), min(shares))
    return _Cut(-1.0, 0.0, -cap, (*calls, (-cap, 1.0)), float("inf"), min(shares))


def _ceiling(shares: Sequence[float], floors: Sequence[float]) -> float:
    if shares[-1] < 1.0:
        return float("inf")
    bands = zip(shares, pairwise(floors), strict=False)
    return sum((1.0 - share) * (upper - lower) for share, (lower, upper) in bands)
