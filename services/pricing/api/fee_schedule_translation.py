"""Fee schedules and their revisions ⇄ wire."""

from decimal import Decimal

from google.type.money_pb2 import Money as WireMoney
from tanheng.common.v1 import common_pb2
from tanheng.pricing.v1 import fee_schedule_service_pb2 as wire_pb2

from services.kernel.identifiers import CustomerName, FeeScheduleName, named
from services.kernel.instrument import InstrumentKind
from services.kernel.money import Money
from services.kernel.service import CustomerClass, Service
from services.kernel.tiers import ChargeModel
from services.pricing.domain.fee_schedule import FeeSchedule
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision
from services.pricing.domain.tariff import Tariff
from services.wire.dates import from_wire_date, from_wire_optional_date, to_wire_date, to_wire_time
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.money import from_wire_money, to_wire_money
from services.wire.numbers import from_wire_optional_decimal, to_wire_decimal
from services.wire.tiers import (
    from_wire_charge_model,
    from_wire_tiers,
    to_wire_charge_model,
    to_wire_tiers,
)

_UNSAID = common_pb2.CHARGE_MODEL_UNSPECIFIED


def from_wire_service(value: int, field: str = "service") -> Service:
    """Read a service."""
    return from_wire_enum(Service, value, common_pb2.Service, field)


def from_wire_customer_class(value: int, field: str = "customer_class") -> CustomerClass:
    """Read a class of customers."""
    return from_wire_enum(CustomerClass, value, common_pb2.CustomerClass, field)


def from_wire_schedule(value: wire_pb2.FeeSchedule, *, schedule_id: str) -> FeeSchedule:
    """Read a new schedule. No instruments at all stand for every kind.

    Raises:
        InvalidInput: a word is not offered, or the id is not one.
    """
    kinds = [
        from_wire_enum(InstrumentKind, kind, common_pb2.InstrumentKind, "scale_instruments")
        for kind in value.scale_instruments
    ]
    return FeeSchedule(
        name=FeeScheduleName(named("feeSchedules", schedule_id)),
        service=from_wire_service(value.service),
        customer_class=from_wire_customer_class(value.customer_class),
        display_name=value.display_name,
        scale_instruments=tuple(kinds or InstrumentKind),
    )


def to_wire_schedule(schedule: FeeSchedule) -> wire_pb2.FeeSchedule:
    """Write a schedule."""
    return wire_pb2.FeeSchedule(
        name=schedule.name,
        service=to_wire_enum(schedule.service, common_pb2.Service),
        customer_class=to_wire_enum(schedule.customer_class, common_pb2.CustomerClass),
        display_name=schedule.display_name,
        scale_instruments=[
            to_wire_enum(kind, common_pb2.InstrumentKind) for kind in schedule.scale_instruments
        ],
    )


def from_wire_tariff(value: wire_pb2.FeeScheduleRevision) -> Tariff:
    """Read the terms of a new revision.

    Raises:
        InvalidInput: a number, a day or an amount is wrong in itself.
    """
    rate = from_wire_optional_decimal(value, "tax_rate")
    return Tariff(
        effective_date=from_wire_date(value.effective_date, "effective_date"),
        charge_model=_from_wire_model(value),
        tiers=from_wire_tiers(value.tiers, "tiers"),
        minimum_annual=_from_wire_optional_money(value, "minimum_annual"),
        maximum_annual=_from_wire_optional_money(value, "maximum_annual"),
        per_traded_tonne=from_wire_optional_decimal(value, "per_traded_tonne"),
        tax_rate=Decimal(0) if rate is None else rate,
        tax_inclusive=value.tax_inclusive,
        customer=CustomerName(value.customer) if value.customer else None,
        end_date=from_wire_optional_date(value, "end_date"),
        source=value.source,
    )


def to_wire_revision(revision: FeeScheduleRevision) -> wire_pb2.FeeScheduleRevision:
    """Write a revision."""
    tariff, approval = revision.tariff, revision.approval
    model, rate = tariff.charge_model, tariff.per_traded_tonne
    return wire_pb2.FeeScheduleRevision(
        name=revision.name,
        effective_date=to_wire_date(tariff.effective_date),
        charge_model=_UNSAID if model is None else to_wire_charge_model(model),
        tiers=to_wire_tiers(tariff.tiers),
        minimum_annual=_to_wire_optional_money(tariff.minimum_annual),
        maximum_annual=_to_wire_optional_money(tariff.maximum_annual),
        per_traded_tonne=None if rate is None else to_wire_decimal(rate),
        tax_rate=to_wire_decimal(tariff.tax_rate),
        tax_inclusive=tariff.tax_inclusive,
        customer=tariff.customer or "",
        end_date=None if tariff.end_date is None else to_wire_date(tariff.end_date),
        source=tariff.source,
        state=to_wire_enum(revision.state, wire_pb2.RevisionState),
        maker=revision.maker,
        create_time=to_wire_time(revision.created_at),
        approver="" if approval is None else approval.approver,
        approve_time=None if approval is None else to_wire_time(approval.approved_at),
    )


def _from_wire_model(value: wire_pb2.FeeScheduleRevision) -> ChargeModel | None:
    if value.charge_model == _UNSAID:
        return None
    return from_wire_charge_model(value.charge_model)


def _from_wire_optional_money(value: wire_pb2.FeeScheduleRevision, field: str) -> Money | None:
    if not value.HasField(field):  # type: ignore[arg-type]  # a name handed in
        return None
    return from_wire_money(getattr(value, field), field)


def _to_wire_optional_money(amount: Money | None) -> WireMoney | None:
    return None if amount is None else to_wire_money(amount)
