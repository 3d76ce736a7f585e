"""What was billed of segments that a year no longer has, given back.

A class changed backwards, or a revision that takes over from its first day on, leaves a year
without a segment that was billed. What replaces it is charged by a segment of its own.
"""

from collections.abc import Collection, Iterable, Iterator

from services.billing.domain.amounts import text_of_fen
from services.billing.domain.inputs import CustomerInputs, ServiceYear
from services.billing.domain.invoice_line import (
    Billed,
    BilledKey,
    ChargeKind,
    InvoiceLine,
    LineKind,
    LinePart,
)
from services.kernel.explanation import Explanation, ExplanationStep
from services.kernel.period import year_period

_KINDS = {
    ChargeKind.SCALE: LineKind.MANAGEMENT_FEE,
    ChargeKind.TRADED: LineKind.TRADED_TONNES,
}


def billed_in(inputs: CustomerInputs, year: ServiceYear, charge: ChargeKind) -> Iterator[Billed]:
    """Read what was billed of a year by scale, or by tonnes traded."""
    for billed in inputs.billed:
        if billed.key.charge is charge and billed.key.service_year == year.year:
            yield billed


def given_back(
    inputs: CustomerInputs,
    year: ServiceYear,
    charge: ChargeKind,
    *,
    present: Collection[BilledKey],
) -> Iterable[InvoiceLine]:
    """Give back what was billed of segments that are not among those present."""
    for billed in billed_in(inputs, year, charge):
        if billed.key not in present and billed.own_fen != 0:
            yield _line(inputs, year, billed)


def _line(inputs: CustomerInputs, year: ServiceYear, billed: Billed) -> InvoiceLine:
    text = f"0.00 − {text_of_fen(billed.own_fen)} = {text_of_fen(-billed.own_fen)}"
    step = ExplanationStep("no longer a segment of the year", text)
    service = billed.key.service.value.lower().replace("_", " ")
    return InvoiceLine(
        kind=_KINDS[billed.key.charge],
        service=billed.key.service,
        description=f"{service} {year.year}: segment given back",
        quantity_tonnes=None,
        unit_price=None,
        taxation=billed.taxation,
        amounts=billed.taxation.of(-billed.own_fen),
        service_period=year.served if year.served.days else year_period(year.year),
        corrects_month=inputs.month.previous(),
        explanation=Explanation((step,), billed.key.segment_key),
        rule_version=billed.key.segment_key,
        scale_version=billed.scale_version,
        parts=(LinePart(billed.key, -billed.own_fen),),
    )
