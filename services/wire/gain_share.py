"""Tiers of a gain share."""

from collections.abc import Iterable, Sequence

from tanheng.common.v1 import common_pb2

from services.kernel.gain_share import GainShareTier
from services.wire.numbers import from_wire_decimal, to_wire_decimal


def from_wire_gain_share_tiers(
    tiers: Iterable[common_pb2.GainShareTier], field: str = "gain_share_tiers"
) -> tuple[GainShareTier, ...]:
    """Read tiers.

    Raises:
        InvalidInput: a number is wrong; the path names the tier.
    """
    return tuple(_from_wire_tier(tier, f"{field}[{index}]") for index, tier in enumerate(tiers))


def to_wire_gain_share_tiers(tiers: Sequence[GainShareTier]) -> list[common_pb2.GainShareTier]:
    """Write tiers."""
    return [_to_wire_tier(tier) for tier in tiers]


def _from_wire_tier(tier: common_pb2.GainShareTier, path: str) -> GainShareTier:
    bounded = tier.HasField("up_to_gain_per_tonne")
    bound_path = f"{path}.up_to_gain_per_tonne"
    return GainShareTier(
        up_to_gain_per_tonne=(
            from_wire_decimal(tier.up_to_gain_per_tonne, bound_path) if bounded else None
        ),
        customer_share=from_wire_decimal(tier.customer_share, f"{path}.customer_share"),
    )


def _to_wire_tier(tier: GainShareTier) -> common_pb2.GainShareTier:
    bound = tier.up_to_gain_per_tonne
    return common_pb2.GainShareTier(
        up_to_gain_per_tonne=None if bound is None else to_wire_decimal(bound),
        customer_share=to_wire_decimal(tier.customer_share),
    )
