"""The rules of a pool ⇄ the wire."""

from typing import cast

from google.protobuf.message import Message
from tanheng.incentives.v1 import scheme_pb2

from services.incentives.domain.legal_limit import LegalLimit
from services.incentives.domain.pool_rules import ExcessTier, PoolRules
from services.wire.dates import from_wire_optional_date, to_wire_date
from services.wire.money import from_wire_money, to_wire_money
from services.wire.numbers import from_wire_decimal, to_wire_decimal
from services.wire.refusal import under


def from_wire_rules(wire: scheme_pb2.PoolRules, path: str) -> PoolRules:
    """Read rules.

    Raises:
        InvalidInput: a number is wrong, a limit is above one, or the tiers do not tile; the path
            names the field.
    """
    with under(path):
        return PoolRules(
            excess_tiers=tuple(
                _from_wire_tier(tier, f"excess_tiers[{index}]")
                for index, tier in enumerate(wire.excess_tiers)
            ),
            pool_limit=_from_wire_limit(wire, "pool_limit"),
            income_tax_rate=_from_wire_optional_limit(wire, "income_tax_rate"),
            participants_limit=_from_wire_optional_limit(wire, "participants_limit"),
            staff_count=wire.staff_count,
            minimum_days_in_post=wire.minimum_days_in_post,
            minimum_days_source=wire.minimum_days_source,
            maximum_days_counted=wire.maximum_days_counted,
            person_cap=_from_wire_optional_limit(wire, "person_cap"),
            executives_limit=_from_wire_optional_limit(wire, "executives_limit"),
            deferral_weights=tuple(wire.deferral_weights),
            deferral_source=wire.deferral_source,
        )


def to_wire_rules(rules: PoolRules) -> scheme_pb2.PoolRules:
    """Write rules."""
    return scheme_pb2.PoolRules(
        excess_tiers=[_to_wire_tier(tier) for tier in rules.excess_tiers],
        pool_limit=_to_wire_limit(rules.pool_limit),
        income_tax_rate=_to_wire_limit(rules.income_tax_rate),
        participants_limit=_to_wire_limit(rules.participants_limit),
        staff_count=rules.staff_count,
        minimum_days_in_post=rules.minimum_days_in_post,
        minimum_days_source=rules.minimum_days_source,
        maximum_days_counted=rules.maximum_days_counted,
        person_cap=_to_wire_limit(rules.person_cap),
        executives_limit=_to_wire_limit(rules.executives_limit),
        deferral_weights=rules.deferral_weights,
        deferral_source=rules.deferral_source,
    )


def _from_wire_tier(wire: scheme_pb2.ExcessTier, path: str) -> ExcessTier:
    bounded = wire.HasField("up_to")
    return ExcessTier(
        up_to=from_wire_money(wire.up_to, f"{path}.up_to") if bounded else None,
        pool_share=from_wire_decimal(wire.pool_share, f"{path}.pool_share"),
    )


def _to_wire_tier(tier: ExcessTier) -> scheme_pb2.ExcessTier:
    return scheme_pb2.ExcessTier(
        up_to=None if tier.up_to is None else to_wire_money(tier.up_to),
        pool_share=to_wire_decimal(tier.pool_share),
    )


def _from_wire_limit(rules: scheme_pb2.PoolRules, field: str) -> LegalLimit:
    wire: scheme_pb2.LegalLimit = getattr(rules, field)
    with under(field):
        return LegalLimit(
            numerator=wire.numerator,
            denominator=wire.denominator,
            source=wire.source,
            effective_date=from_wire_optional_date(wire, "effective_date"),
            source_verified=wire.source_verified,
        )


def _from_wire_optional_limit(rules: scheme_pb2.PoolRules, field: str) -> LegalLimit | None:
    return _from_wire_limit(rules, field) if cast("Message", rules).HasField(field) else None


def _to_wire_limit(limit: LegalLimit | None) -> scheme_pb2.LegalLimit | None:
    if limit is None:
        return None
    day = limit.effective_date
    return scheme_pb2.LegalLimit(
        numerator=limit.numerator,
        denominator=limit.denominator,
        source=limit.source,
        effective_date=None if day is None else to_wire_date(day),
        source_verified=limit.source_verified,
    )
