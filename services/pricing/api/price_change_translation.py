"""Previews of price changes ⇄ wire."""

from decimal import Decimal

from google.type.decimal_pb2 import Decimal as WireDecimal
from google.type.money_pb2 import Money as WireMoney
from tanheng.pricing.v1 import fee_schedule_service_pb2 as wire_pb2

from services.kernel.errors import FieldsExcludeEachOther, FieldViolation
from services.kernel.identifiers import RevisionName
from services.kernel.money import Money
from services.pricing.api.fee_schedule_translation import from_wire_tariff
from services.pricing.application.preview_price_change import PreviewedChange
from services.pricing.domain.price_change import ChangeTotals, CustomerChange
from services.pricing.domain.tariff import Tariff
from services.wire.dates import to_wire_date, to_wire_time
from services.wire.enums import to_wire_enum
from services.wire.money import to_wire_money
from services.wire.numbers import to_wire_decimal


def from_wire_draft(request: wire_pb2.PreviewPriceChangeRequest) -> Tariff | RevisionName:
    """Read the draft: its terms, or the name of a stored one.

    Raises:
        FieldsExcludeEachOther: both are given, or neither.
        InvalidInput: a figure of the terms cannot be read.
    """
    if request.HasField("draft") == bool(request.revision):
        wrong = "give the terms of a draft, or the name of a stored revision: one of them"
        violations = (FieldViolation("draft", wrong), FieldViolation("revision", wrong))
        raise FieldsExcludeEachOther(f"draft and revision: {wrong}", violations=violations)
    if request.revision:
        return RevisionName(request.revision)
    return from_wire_tariff(request.draft)


def to_wire_price_change(
    previewed: PreviewedChange, *, next_page_token: str
) -> wire_pb2.PreviewPriceChangeResponse:
    """Write a page of what a draft would change."""
    totals = previewed.totals
    return wire_pb2.PreviewPriceChangeResponse(
        changes=[_to_wire_change(change) for change in previewed.page.items],
        next_page_token=next_page_token,
        totals=None if totals is None else _to_wire_totals(totals),
        notes=previewed.notes,
        effective_date=to_wire_date(previewed.effective_date),
        scale_year=previewed.scale_year,
        known_at=to_wire_time(previewed.known_at),
    )


def _to_wire_change(change: CustomerChange) -> wire_pb2.CustomerPriceChange:
    before, after = change.before, change.after
    return wire_pb2.CustomerPriceChange(
        customer=change.customer,
        effect=to_wire_enum(change.effect, wire_pb2.PriceChangeEffect),
        from_date=None if change.from_date is None else to_wire_date(change.from_date),
        scale_tonnes=_decimal(change.scale),
        annual_before=None if before is None else _money(before.annual),
        annual_after=None if after is None else _money(after.annual),
        year_before=None if before is None else to_wire_money(before.rest),
        year_after=None if after is None else to_wire_money(after.rest),
        year_difference=_money(change.rest_difference),
        annual_difference=_money(change.annual_difference),
        per_traded_tonne_before=_decimal(change.traded_before),
        per_traded_tonne_after=_decimal(change.traded_after),
        traded_tonnes=change.traded_tonnes,
        traded_difference=to_wire_money(change.traded_difference),
        note=change.note,
    )


def _to_wire_totals(totals: ChangeTotals) -> wire_pb2.PriceChangeTotals:
    return wire_pb2.PriceChangeTotals(
        customer_count=totals.customers,
        charged_count=totals.charged,
        more_count=totals.more,
        less_count=totals.less,
        scale_missing_count=totals.without_scale,
        year_difference=to_wire_money(totals.rest_difference),
        annual_difference=to_wire_money(totals.annual_difference),
        traded_difference=to_wire_money(totals.traded_difference),
    )


def _money(amount: Money | None) -> WireMoney | None:
    return None if amount is None else to_wire_money(amount)


def _decimal(figure: Decimal | None) -> WireDecimal | None:
    return None if figure is None else to_wire_decimal(figure)
