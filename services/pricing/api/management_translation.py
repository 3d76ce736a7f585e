"""Comparisons of ways of working ⇄ wire."""

from decimal import Decimal

from google.protobuf.message import Message
from tanheng.pricing.v1 import management_modes_pb2 as wire_pb2
from tanheng.pricing.v1 import price_service_pb2

from services.kernel.identifiers import PriceSeriesName
from services.kernel.money import Money, zero
from services.pricing.application.compare_management_modes import KnownComparison
from services.pricing.domain.management_modes import Saving
from services.pricing.domain.management_plan import (
    DEFAULT_CCER_LIMIT,
    CostAssumptions,
    LateRule,
    ManagedPlant,
    ManagementPlan,
    Ways,
)
from services.pricing.domain.rounding import to_six_places
from services.wire.dates import to_wire_time
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.explanation import to_wire_explanation
from services.wire.money import from_wire_money, to_wire_money
from services.wire.numbers import from_wire_optional_decimal, to_wire_decimal

_NOTHING = Decimal(0)


def from_wire_plan(request: wire_pb2.CompareManagementModesRequest) -> ManagementPlan:
    """Read the plants, the costs, and when plants trade that work for themselves."""
    rule = LateRule.LAST_MONTH
    if request.late_rule:
        rule = from_wire_enum(LateRule, request.late_rule, wire_pb2.LatePriceRule, "late_rule")
    return ManagementPlan(
        plants=tuple(_from_wire_plant(plant) for plant in request.plants),
        assumptions=_from_wire_assumptions(request.assumptions),
        late_rule=rule,
        late_days=request.late_days,
    )


def to_wire_comparison(known: KnownComparison) -> wire_pb2.CompareManagementModesResponse:
    """Write what both ways cost."""
    compared, season = known.compared, known.season
    prices = compared.prices
    ccer = None if prices.ccer is None else to_wire_decimal(to_six_places(prices.ccer))
    return wire_pb2.CompareManagementModesResponse(
        decentralised_cost=to_wire_money(compared.decentralised_cost),
        unified_cost=to_wire_money(compared.unified_cost),
        saving=_to_wire_saving(compared.saving),
        cheaper_mode=to_wire_enum(compared.cheaper, wire_pb2.CheaperMode),
        even_price=to_wire_decimal(to_six_places(prices.even)),
        late_price=to_wire_decimal(to_six_places(prices.late)),
        timing_per_tonne=to_wire_decimal(compared.timing_per_tonne),
        netted_tonnes=compared.netted_tonnes,
        external_tonnes=compared.external_tonnes,
        ccer_price=ccer,
        day_count=season.day_count,
        missing_day_count=len(season.missing_dates),
        lowest_quality=to_wire_enum(season.lowest_quality, price_service_pb2.PriceQuality),
        explanation=to_wire_explanation(compared.explanation),
        known_at=to_wire_time(known.known_at),
    )


def _from_wire_plant(value: wire_pb2.ManagedPlant) -> ManagedPlant:
    return ManagedPlant(
        plant=value.plant,
        due_tonnes=value.due_tonnes,
        allocated_tonnes=value.allocated_tonnes,
        local_staff=_decimal(value, "local_staff"),
        local_system_cost=_money(value, "local_system_cost"),
        ccer=_tonnes(value.local_ccer_tonnes, value.unified_ccer_tonnes),
        carry_over=_tonnes(value.local_carry_over_tonnes, value.unified_carry_over_tonnes),
        expiring=_tonnes(value.local_expiring_tonnes, value.unified_expiring_tonnes),
        failure=Ways(
            local=_decimal(value, "local_failure_probability"),
            unified=_decimal(value, "unified_failure_probability"),
        ),
    )


def _from_wire_assumptions(value: wire_pb2.CostAssumptions) -> CostAssumptions:
    limit = from_wire_optional_decimal(value, "ccer_limit")
    return CostAssumptions(
        local_wage=_money(value, "local_wage"),
        central_staff=_decimal(value, "central_staff"),
        central_wage=_money(value, "central_wage"),
        platform_cost=_money(value, "platform_cost"),
        training_cost=_money(value, "training_cost"),
        spread=_decimal(value, "spread"),
        fee_per_tonne=_decimal(value, "fee_per_tonne"),
        ccer_price=from_wire_optional_decimal(value, "ccer_price"),
        ccer_series=PriceSeriesName(value.ccer_series) if value.ccer_series else None,
        ccer_limit=DEFAULT_CCER_LIMIT if limit is None else limit,
        next_vintage_price=from_wire_optional_decimal(value, "next_vintage_price"),
        expiry_haircut=_decimal(value, "expiry_haircut_per_tonne"),
        penalty_multiple=_decimal(value, "penalty_multiple"),
    )


def _to_wire_saving(saving: Saving) -> wire_pb2.ManagementSaving:
    return wire_pb2.ManagementSaving(
        labour=to_wire_money(saving.labour),
        netting=to_wire_money(saving.netting),
        timing=to_wire_money(saving.timing),
        ccer=to_wire_money(saving.ccer),
        carry=to_wire_money(saving.carry),
        penalty=to_wire_money(saving.penalty),
        total=to_wire_money(saving.total),
    )


def _tonnes(local: int, unified: int) -> Ways:
    return Ways(local=Decimal(local), unified=Decimal(unified))


def _decimal(message: Message, field: str) -> Decimal:
    found = from_wire_optional_decimal(message, field)
    return _NOTHING if found is None else found


def _money(message: Message, field: str) -> Money:
    if not message.HasField(field):
        return zero()
    return from_wire_money(getattr(message, field), field)
