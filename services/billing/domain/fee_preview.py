"""What a year's management fee comes to, by month: the run's own arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from services.billing.domain.amounts import Amounts, round_fen, sum_amounts, text_of_fen
from services.billing.domain.invoice_line import InvoiceLine, LineKind
from services.billing.domain.management_fee import (
    Accrual,
    accrual,
    annual_steps,
    single_price,
    text_of_annual,
)
from services.billing.domain.segments import FeeSegment, fee_segments
from services.billing.domain.tariff import MOST_ANNUAL, Tariff, TariffSegment
from services.kernel.errors import FieldViolation, InvalidInput
from services.kernel.explanation import Explanation, ExplanationStep
from services.kernel.period import Month, Period, months_of, year_period
from services.kernel.service import Service

SCALE_DECIMALS = 3
"""An average balance has three decimals; no scale has more."""
MOST_TONNES = 10**12
"""More is a mistake: the world emits some 40,000,000,000 tonnes a year."""


class FeeMonth(NamedTuple):
    """The fee of one month served. ``text`` is the month as it is written, "2025-03"."""

    month: Month
    text: str
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class FeePreview:
    """The fee of a year. ``annual_fen`` is in the tariff's own basis, of a full year.

    With several segments there is no one annual amount; then it is the fee of the days served.
    """

    annual_fen: int
    months: tuple[FeeMonth, ...]
    lines: tuple[InvoiceLine, ...]
    explanation: Explanation


def preview_fee(
    *, year: int, served: Period, pieces: Sequence[TariffSegment], scale_tonnes: Decimal
) -> FeePreview:
    """Compute the fee of the days served in a year, month by month and segment by segment."""
    segments = fee_segments(pieces)
    grown = [accrual(each, year=year, scale_tonnes=scale_tonnes) for each in segments]
    months = _months(served)
    table = [_by_month(each, months) for each in grown]
    lines = tuple(
        _line(each, row, served, scale_tonnes) for each, row in zip(grown, table, strict=True)
    )
    per_month = tuple(
        FeeMonth(month.month, month.text, cells[0].amounts if len(cells) == 1 else _together(cells))
        for month, cells in zip(months, zip(*table, strict=True), strict=True)
    )
    annual_fen = round_fen(grown[0].annual) if len(grown) == 1 else sum(x.own_fen for x in lines)
    steps = tuple(
        step
        for each, row in zip(grown, table, strict=True)
        for step in _steps(each, row, scale_tonnes)
    )
    versions = ", ".join(segment.tariff.rule_version for segment in segments)
    return FeePreview(annual_fen, per_month, lines, Explanation(steps, versions))


def check_scale(scale_tonnes: Decimal, *, field: str) -> None:
    """Refuse a scale that is negative, beyond all measure, or finer than a thousandth of a tonne.

    Raises:
        InvalidInput: with the field.
    """
    if scale_tonnes > MOST_TONNES:
        wrong = f"is {scale_tonnes}; at most {MOST_TONNES:,} tonnes are charged on"
        raise InvalidInput(f"{field} {wrong}", violations=(FieldViolation(field, wrong),))
    finer = scale_tonnes != scale_tonnes.quantize(Decimal(1).scaleb(-SCALE_DECIMALS))
    if scale_tonnes < 0 or finer:
        wrong = f"is {scale_tonnes}; write tonnes, zero or above, with at most 3 decimals"
        raise InvalidInput(f"{field} {wrong}", violations=(FieldViolation(field, wrong),))


def check_bounds(tariff: Tariff, scale_tonnes: Decimal) -> None:
    """Refuse a tariff and a scale that together cost more than an amount can hold.

    Raises:
        InvalidInput: naming the tiers.
    """
    if tariff.is_beyond_bounds(scale_tonnes):
        wrong = f"charge more than CNY {MOST_ANNUAL:,} a year for {scale_tonnes} tonnes"
        raise InvalidInput(f"tiers {wrong}", violations=(FieldViolation("tiers", wrong),))


def check_served(served: Period, *, year: int) -> None:
    """Refuse days outside the year.

    Raises:
        InvalidInput: the period starts before, or ends after, the year.
    """
    whole = year_period(year)
    if served.start < whole.start or served.end > whole.end:
        wrong = f"{served.start} to {served.end} is not within {year}"
        raise InvalidInput(wrong, violations=(FieldViolation("service_period", wrong),))


@dataclass(frozen=True, slots=True)
class _MonthEnd:
    """A month, how it is written, and the day after its last."""

    month: Month
    text: str
    end: date


class _Cell(NamedTuple):
    """The fee of a segment in a month: from what is billed before to what is to date."""

    text: str
    days: int
    before_fen: int
    to_date_fen: int
    own_fen: int
    amounts: Amounts


@lru_cache(maxsize=1024)
def _months(served: Period) -> tuple[_MonthEnd, ...]:
    return tuple(_MonthEnd(month, str(month), month.end) for month in months_of(served))


def _by_month(grown: Accrual, months: Sequence[_MonthEnd]) -> list[_Cell]:
    taxation, row, before = grown.segment.tariff.taxation, [], 0
    for month in months:
        days = grown.segment.days_before(month.end)
        to_date = grown.of_days_fen(days)
        own = to_date - before
        row.append(_Cell(month.text, days, before, to_date, own, taxation.of(own)))
        before = to_date
    return row


def _together(cells: Sequence[_Cell]) -> Amounts:
    return sum_amounts(cell.amounts for cell in cells)


def _line(
    grown: Accrual, row: Sequence[_Cell], served: Period, scale_tonnes: Decimal
) -> InvoiceLine:
    segment, tariff = grown.segment, grown.segment.tariff
    return InvoiceLine(
        kind=LineKind.MANAGEMENT_FEE,
        service=Service.DAILY_MANAGEMENT,
        description=fee_description(segment),
        quantity_tonnes=scale_tonnes,
        unit_price=single_price(tariff, scale_tonnes),
        taxation=tariff.taxation,
        amounts=_together(row),
        service_period=segment.period_within(served) or served,
        corrects_month=None,
        explanation=Explanation(),
        rule_version=tariff.rule_version,
    )


def fee_description(segment: FeeSegment) -> str:
    """Say what a line of the management fee is for."""
    return f"daily management, {segment.customer_class.value.lower()} tariff"


def _steps(
    grown: Accrual, row: Sequence[_Cell], scale_tonnes: Decimal
) -> tuple[ExplanationStep, ...]:
    tariff = grown.segment.tariff
    first = annual_steps(tariff, scale_tonnes, grown.annual)
    formula = f"round({text_of_annual(grown.annual)} × %d ÷ {grown.days_in_year})"
    terms, before = [], text_of_fen(0)
    for cell in row:
        if cell.to_date_fen == cell.before_fen:
            continue
        to_date, owed = text_of_fen(cell.to_date_fen), text_of_fen(cell.own_fen)
        terms.append(f"{cell.text}: {formula % cell.days} = {to_date} − {before} = {owed}")
        before = to_date
    basis = "gross" if tariff.tax_inclusive else "net"
    inputs = {"tax_rate": f"{tariff.tax_rate:f}", "cumulated": basis}
    return (*first, ExplanationStep("months: to date less billed", "\n".join(terms), inputs))
