"""Previews of the management fee on the wire."""

from decimal import Decimal

from tanheng.billing.v1 import billing_service_pb2 as wire

from services.billing.api.amount_translation import to_wire_fen, write_fen
from services.billing.api.invoice_translation import to_wire_line
from services.billing.domain.fee_preview import FeePreview
from services.billing.domain.tariff import Tariff
from services.kernel.errors import FieldsExcludeEachOther, FieldViolation
from services.kernel.period import Period
from services.wire.dates import (
    EARLIEST_YEAR,
    from_wire_optional_period,
)
from services.wire.explanation import to_wire_explanation
from services.wire.money import from_wire_money
from services.wire.numbers import from_wire_decimal, from_wire_optional_decimal
from services.wire.refusal import refused
from services.wire.tiers import from_wire_charge_model, from_wire_tiers

_TARIFF_FIELDS = (
    "charge_model",
    "tiers",
    "minimum_annual",
    "maximum_annual",
    "scale_tonnes",
    "tax_rate",
    "tax_inclusive",
)
_REQUIRED_FIELDS = ("charge_model", "tiers", "scale_tonnes", "year")


def check_forms(request: wire.PreviewManagementFeeRequest) -> None:
    """Refuse both forms of the request at once, and half a form.

    Raises:
        FieldsExcludeEachOther: naming each field that is too much or missing.
    """
    set_fields = {descriptor.name for descriptor, _ in request.ListFields()}
    if request.customer:
        extra = [field for field in _TARIFF_FIELDS if field in set_fields]
        wrong = [FieldViolation(f, "is set beside customer, whose own is used") for f in extra]
        if "year" not in set_fields:
            wrong.append(FieldViolation("year", "is required"))
    else:
        missing = [field for field in _REQUIRED_FIELDS if field not in set_fields]
        wrong = [FieldViolation(f, "is required without customer") for f in missing]
    if wrong:
        text = "; ".join(f"{violation.field} {violation.description}" for violation in wrong)
        raise FieldsExcludeEachOther(text, violations=tuple(wrong))
    if request.year < EARLIEST_YEAR:
        raise refused("year", f"is {request.year}; it must be {EARLIEST_YEAR} or later")


def from_wire_tariff(request: wire.PreviewManagementFeeRequest) -> Tariff:
    """Read a tariff given in full.

    Raises:
        InvalidInput: a value is wrong.
    """
    low, high = request.HasField("minimum_annual"), request.HasField("maximum_annual")
    return Tariff(
        rule_version="preview",
        charge_model=from_wire_charge_model(request.charge_model),
        tiers=from_wire_tiers(request.tiers, "tiers"),
        minimum_annual=from_wire_money(request.minimum_annual, "minimum_annual") if low else None,
        maximum_annual=from_wire_money(request.maximum_annual, "maximum_annual") if high else None,
        tax_rate=from_wire_optional_decimal(request, "tax_rate") or Decimal(0),
        tax_inclusive=request.tax_inclusive,
    )


def from_wire_scale(request: wire.PreviewManagementFeeRequest) -> Decimal:
    """Read the tonnes charged on."""
    return from_wire_decimal(request.scale_tonnes, "scale_tonnes")


def from_wire_served(request: wire.PreviewManagementFeeRequest) -> Period | None:
    """Read the days served; None when they are unset."""
    return from_wire_optional_period(request, "service_period")


def to_wire_preview(preview: FeePreview) -> wire.PreviewManagementFeeResponse:
    """Write a preview."""
    answer = wire.PreviewManagementFeeResponse(
        annual_amount=to_wire_fen(preview.annual_fen),
        lines=[to_wire_line(line) for line in preview.lines],
        explanation=to_wire_explanation(preview.explanation),
    )
    for each in preview.months:
        # Written in place: making three dozen messages and copying them in costs four times this.
        month, amounts = answer.months.add(), each.amounts
        month.month = each.text
        write_fen(month.net, amounts.net_fen)
        write_fen(month.tax, amounts.tax_fen)
        write_fen(month.gross, amounts.gross_fen)
    return answer
