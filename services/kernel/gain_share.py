"""Bands of gain per tonne, and the part of each that is returned to the customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.kernel.tiers import check_tiling


@dataclass(frozen=True, slots=True)
class GainShareTier:
    """A band of gain up to ``up_to_gain_per_tonne`` CNY (None: no end).

    ``customer_share`` is the part, 0 to 1, that goes to the customer.
    """

    up_to_gain_per_tonne: Decimal | None
    customer_share: Decimal


def check_gain_share_tiers(tiers: Sequence[GainShareTier]) -> None:
    """Refuse tiers that do not tile. None at all is allowed: the customer gets no share.

    Raises:
        TiersDoNotTile: the bounds do not rise from zero to no end.
    """
    if tiers:
        bounds = [tier.up_to_gain_per_tonne for tier in tiers]
        check_tiling(bounds, field="gain_share_tiers", word="up_to_gain_per_tonne")


def shared_gain(gain: Decimal, *, tonnes: Decimal, tiers: Sequence[GainShareTier]) -> Decimal:
    """Compute the customer's part of a gain to date; CNY, exact, not rounded.

    ``sum over tiers j of s_j * max(0, min(G, u_j * Q) - u_(j-1) * Q)``, with ``u_0 = 0``: there is
    no division, and a loss is not shared.
    """
    shared, below = Decimal(0), Decimal(0)
    for tier in tiers:
        bound = tier.up_to_gain_per_tonne
        upper = gain if bound is None else min(gain, bound * tonnes)
        shared += tier.customer_share * max(Decimal(0), upper - below)
        if bound is not None:
            below = bound * tonnes
    return shared
