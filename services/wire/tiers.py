"""Tiers of a fee schedule."""

from collections.abc import Iterable, Sequence

from tanheng.common.v1 import common_pb2

from services.kernel.tiers import ChargeModel, Tier
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.money import from_wire_money, to_wire_money
from services.wire.numbers import from_wire_decimal, to_wire_decimal


def from_wire_tiers(tiers: Iterable[common_pb2.Tier], field: str) -> tuple[Tier, ...]:
    """Read tiers.

    Raises:
        InvalidInput: a number or an amount is wrong; the path names the tier.
    """
    return tuple(_from_wire_tier(tier, f"{field}[{index}]") for index, tier in enumerate(tiers))


def to_wire_tiers(tiers: Sequence[Tier]) -> list[common_pb2.Tier]:
    """Write tiers."""
    return [_to_wire_tier(tier) for tier in tiers]


def from_wire_charge_model(value: int, field: str = "charge_model") -> ChargeModel:
    """Read a charge model."""
    return from_wire_enum(ChargeModel, value, common_pb2.ChargeModel, field)


def to_wire_charge_model(model: ChargeModel) -> common_pb2.ChargeModel.ValueType:
    """Write a charge model."""
    return to_wire_enum(model, common_pb2.ChargeModel)


def _from_wire_tier(tier: common_pb2.Tier, path: str) -> Tier:
    flat = tier.HasField("flat_amount")
    bounded = tier.HasField("up_to")
    return Tier(
        up_to=from_wire_decimal(tier.up_to, f"{path}.up_to") if bounded else None,
        unit_price=from_wire_decimal(tier.unit_price, f"{path}.unit_price"),
        flat_amount=from_wire_money(tier.flat_amount, f"{path}.flat_amount") if flat else None,
    )


def _to_wire_tier(tier: Tier) -> common_pb2.Tier:
    return common_pb2.Tier(
        up_to=None if tier.up_to is None else to_wire_decimal(tier.up_to),
        unit_price=to_wire_decimal(tier.unit_price),
        flat_amount=None if tier.flat_amount is None else to_wire_money(tier.flat_amount),
    )
