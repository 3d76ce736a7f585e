"""What a customer owes for a month: the lines of every service, each to date less what was billed.

A customer whose scale or tariff is missing is held: none of its lines are made, and the next run
catches up, since every figure is cumulative.
"""

from dataclasses import dataclass
from decimal import Decimal

from services.billing.domain.fee_lines import earlier_year_lines, fee_lines
from services.billing.domain.inputs import CustomerInputs, ServiceYear
from services.billing.domain.invoice_line import InvoiceLine
from services.billing.domain.service_lines import listed_lines, traded_lines
from services.billing.domain.tariff import MOST_ANNUAL
from services.kernel.finding import Finding, Severity
from services.kernel.service import Service


@dataclass(frozen=True, slots=True)
class Charges:
    """The lines of a customer's month, and what was found missing."""

    lines: tuple[InvoiceLine, ...]
    findings: tuple[Finding, ...]


def charge_customer(inputs: CustomerInputs) -> Charges:
    """Compute the lines of a customer's month, or the findings that hold it."""
    current = inputs.years[-1]
    held = _missing(inputs, current, Severity.SUBJECT_HELD)
    if held:
        return Charges((), held)
    lines: list[InvoiceLine] = []
    warnings: list[Finding] = []
    for year in inputs.years[:-1]:
        missing = _missing(inputs, year, Severity.WARNING)
        warnings += missing
        if not missing:
            lines += earlier_year_lines(inputs, year)
        lines += traded_lines(inputs, year)
    lines += fee_lines(inputs, current)
    lines += traded_lines(inputs, current)
    lines += listed_lines(inputs, current, lines)
    return Charges(tuple(lines), tuple(warnings))


def _missing(inputs: CustomerInputs, year: ServiceYear, severity: Severity) -> tuple[Finding, ...]:
    """Name what the management fee of a year lacks."""
    customer, findings = inputs.customer.name, []
    if year.scale is None and year.served.days > 0:
        message = f"{customer} has no asset scale for {year.year}"
        way_out = "state it with SetAssetScale, as an estimate if need be, and start the run again"
        findings.append(Finding(severity, "SCALE_MISSING", customer, message, way_out))
    if year.gap is not None:
        message = (
            f"no approved tariff of daily management covers {customer}"
            f" from {year.gap.start} to {year.gap.end}"
        )
        way_out = "approve a revision of the fee schedule for these days, and start the run again"
        findings.append(Finding(severity, "PRICE_MISSING", customer, message, way_out))
    return (*findings, *_beyond_bounds(inputs, year, severity))


def _beyond_bounds(
    inputs: CustomerInputs, year: ServiceYear, severity: Severity
) -> tuple[Finding, ...]:
    """Name the tariffs by which the customer would owe more than any books can hold."""
    scale = Decimal(0) if year.scale is None else year.scale.statement.tonnes
    tonnes = sum(abs(row.tonnes) for row in year.traded)
    rules = {
        segment.tariff.rule_version
        for service, segments in year.segments.items()
        for segment in segments
        if (service is Service.DAILY_MANAGEMENT and segment.tariff.is_beyond_bounds(scale))
        or (segment.tariff.per_traded_tonne or 0) * tonnes > MOST_ANNUAL
    }
    customer = inputs.customer.name
    return tuple(
        Finding(
            severity,
            "AMOUNT_OUT_OF_BOUNDS",
            customer,
            f"{rule} charges {customer} more than CNY {MOST_ANNUAL:,} for {year.year}",
            "correct the tariff, or the scale, and start the run again",
        )
        for rule in sorted(rules)
    )
