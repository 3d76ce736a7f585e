"""Lines of what is not charged by scale: tonnes traded, and services listed at zero."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from services.billing.domain.amounts import NOTHING, round_fen, text_of_fen
from services.billing.domain.given_back import given_back
from services.billing.domain.inputs import CustomerInputs, ServiceYear
from services.billing.domain.invoice_line import (
    BilledKey,
    ChargeKind,
    InvoiceLine,
    LineKind,
    LinePart,
)
from services.billing.domain.segments import FeeSegment
from services.kernel.explanation import Explanation, ExplanationStep
from services.kernel.period import Month
from services.kernel.service import Service


def traded_lines(inputs: CustomerInputs, year: ServiceYear) -> list[InvoiceLine]:
    """Charge the tonnes traded in a year to date, less what was billed of them.

    ``round(price per tonne x tonnes to date) - billed``, per segment of equal rule and class.
    What was billed of a segment that the year no longer has is given back.
    """
    present = {
        BilledKey(service, ChargeKind.TRADED, year.year, segment.key): segment
        for service, segments in year.segments.items()
        for segment in segments
    }
    lines = (_traded_line(inputs, year, key, segment) for key, segment in present.items())
    return [
        *given_back(inputs, year, ChargeKind.TRADED, present=present),
        *(line for line in lines if line is not None),
    ]


def listed_lines(
    inputs: CustomerInputs, year: ServiceYear, charged: Iterable[InvoiceLine]
) -> list[InvoiceLine]:
    """List at 0.00 every service that has a tariff in the month and no other line."""
    have = {line.service for line in charged}
    lines = []
    for service, segments in year.segments.items():
        present = [s for s in segments if s.period_within(inputs.month.period) is not None]
        if service not in have and present:
            lines.append(_listed_line(inputs, service, present[-1]))
    return lines


def _traded_line(
    inputs: CustomerInputs, year: ServiceYear, key: BilledKey, segment: FeeSegment
) -> InvoiceLine | None:
    price, service = segment.tariff.per_traded_tonne, key.service
    billed_fen = sum(billed.own_fen for billed in inputs.billed if billed.key == key)
    if not price and not billed_fen:
        return None
    tonnes = year.traded_in(segment, service, before=inputs.month.next())
    tonnes_before = year.traded_in(segment, service, before=inputs.month)
    to_date_fen = round_fen((price or Decimal(0)) * tonnes)
    owed_fen = to_date_fen - billed_fen
    if owed_fen == 0 and tonnes == tonnes_before:
        return None
    present = segment.period_within(inputs.month.period)
    span = present or segment.period_within(year.served) or year.served
    taxation = segment.tariff.taxation
    text = (
        f"round({price or 0:f} × {tonnes:,}) − {text_of_fen(billed_fen)} = {text_of_fen(owed_fen)}"
    )
    step = ExplanationStep("tonnes to date less billed", text, {"tonnes_to_date": str(tonnes)})
    return InvoiceLine(
        kind=LineKind.TRADED_TONNES,
        service=service,
        description=f"{_words(service)}: tonnes traded",
        quantity_tonnes=Decimal(tonnes - tonnes_before),
        unit_price=price,
        taxation=taxation,
        amounts=taxation.of(owed_fen),
        service_period=span,
        corrects_month=None if present else Month.of(span.end - timedelta(days=1)),
        explanation=Explanation((step,), segment.tariff.rule_version),
        rule_version=segment.tariff.rule_version,
        parts=(LinePart(key, owed_fen),),
    )


def _listed_line(inputs: CustomerInputs, service: Service, segment: FeeSegment) -> InvoiceLine:
    span = segment.period_within(inputs.month.period) or inputs.month.period
    step = ExplanationStep("listed", "nothing is charged for this service in the month")
    return InvoiceLine(
        kind=LineKind.LISTED,
        service=service,
        description=_words(service),
        quantity_tonnes=None,
        unit_price=None,
        taxation=segment.tariff.taxation,
        amounts=NOTHING,
        service_period=span,
        corrects_month=None,
        explanation=Explanation((step,), segment.tariff.rule_version),
        rule_version=segment.tariff.rule_version,
    )


def _words(service: Service) -> str:
    return service.value.lower().replace("_", " ")
