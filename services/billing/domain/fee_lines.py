"""Lines of the management fee: one per segment of the year, and the true-up of a final scale."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.billing.domain.amounts import Taxation, text_of_fen
from services.billing.domain.fee_preview import fee_description
from services.billing.domain.given_back import billed_in, given_back
from services.billing.domain.inputs import CustomerInputs, ServiceYear
from services.billing.domain.invoice_line import (
    BilledKey,
    ChargeKind,
    InvoiceLine,
    LineKind,
    LinePart,
)
from services.billing.domain.management_fee import Accrual, accrual, annual_steps, single_price
from services.billing.domain.segments import FeeSegment
from services.kernel.explanation import Explanation, ExplanationStep
from services.kernel.period import Month, Period
from services.kernel.service import Service


@dataclass(frozen=True, slots=True)
class _Owed:
    """A segment: its fee before the month, its fee to date, and what was billed of it."""

    grown: Accrual
    key: BilledKey
    before_fen: int
    to_date_fen: int
    billed_fen: int


def fee_lines(inputs: CustomerInputs, year: ServiceYear) -> list[InvoiceLine]:
    """Charge the month's year: a line per segment; what a final scale changes stands apart.

    While a scale is estimated, a new estimate simply moves the next line. Once it is final, the
    difference on the days before the month is one TRUE_UP line.
    """
    owed = _owed(inputs, year, inputs.month.first_day, inputs.month.end)
    trues_up = _trues_up(inputs, year)
    made = (_month_line(inputs, year, each, apart=trues_up) for each in owed)
    lines = [line for line in made if line is not None]
    if trues_up:
        parts = [(each.key, each.grown.segment, each.before_fen, each.billed_fen) for each in owed]
        lines += _true_up_lines(inputs, year, parts)
    return [*_given_back(inputs, year, owed), *lines]


def earlier_year_lines(inputs: CustomerInputs, year: ServiceYear) -> list[InvoiceLine]:
    """Charge what an earlier year still owes or is owed, with its own price, days and tax rate."""
    end = year.served.end
    owed = _owed(inputs, year, end, end)
    if _trues_up(inputs, year):
        parts = [(each.key, each.grown.segment, each.before_fen, each.billed_fen) for each in owed]
        return [*_given_back(inputs, year, owed), *_true_up_lines(inputs, year, parts)]
    made = (_month_line(inputs, year, each, apart=False) for each in owed)
    return [*_given_back(inputs, year, owed), *(line for line in made if line is not None)]


def _owed(inputs: CustomerInputs, year: ServiceYear, before: date, end: date) -> list[_Owed]:
    billed = {each.key: each.own_fen for each in billed_in(inputs, year, ChargeKind.SCALE)}
    owed = []
    for segment in year.segments.get(Service.DAILY_MANAGEMENT, ()):
        assert year.scale is not None, "a year without a scale is held before it is charged"
        grown = accrual(segment, year=year.year, scale_tonnes=year.scale.statement.tonnes)
        key = BilledKey(Service.DAILY_MANAGEMENT, ChargeKind.SCALE, year.year, segment.key)
        before_fen, to_date_fen = grown.to_date_fen(before), grown.to_date_fen(end)
        owed.append(_Owed(grown, key, before_fen, to_date_fen, billed.get(key, 0)))
    return owed


def _trues_up(inputs: CustomerInputs, year: ServiceYear) -> bool:
    """Tell whether the scale is final and something was billed on an earlier statement of it."""
    if year.scale is None or not year.scale.is_final:
        return False
    versions = [billed.scale_version for billed in billed_in(inputs, year, ChargeKind.SCALE)]
    return bool(versions) and max(versions) < year.scale.version


def _month_line(
    inputs: CustomerInputs, year: ServiceYear, owed: _Owed, *, apart: bool
) -> InvoiceLine | None:
    """Make the line of a segment; None when it has neither days in the month nor anything owed.

    It is for the days of the month, unless it moves what earlier days come to as well.
    """
    done_fen = owed.before_fen if apart else owed.billed_fen
    amount_fen = owed.to_date_fen - done_fen
    segment = owed.grown.segment
    days = segment.period_within(inputs.month.period)
    if amount_fen == 0 and days is None:
        return None
    earlier = days is None
    through = Period(year.served.start, year.served.end if days is None else days.end)
    of_month = amount_fen == 0 or done_fen == owed.before_fen
    span = days if days and of_month else segment.period_within(through) or year.served
    to_date = owed.grown.formula(segment.days_before(inputs.month.end))
    text = f"{to_date} − {text_of_fen(done_fen)} = {text_of_fen(amount_fen)}"
    step = ExplanationStep("to date less billed", text, {"billed": text_of_fen(owed.billed_fen)})
    return _line(
        LineKind.MANAGEMENT_FEE,
        year,
        segment,
        taxation=segment.tariff.taxation,
        parts=(LinePart(owed.key, amount_fen),),
        span=span,
        corrects_month=Month.of(_last_day(span)) if earlier else None,
        steps=(*_annual(year, owed.grown), step),
    )


def _true_up_lines(
    inputs: CustomerInputs,
    year: ServiceYear,
    owed: Sequence[tuple[BilledKey, FeeSegment, int, int]],
) -> list[InvoiceLine]:
    """Make one line for what the final scale changes; one per taxation if the year has several."""
    grouped: dict[Taxation, list[tuple[BilledKey, FeeSegment, int, int]]] = {}
    for each in owed:
        grouped.setdefault(each[1].tariff.taxation, []).append(each)
    end = min(year.served.end, inputs.month.first_day)
    lines = []
    for taxation, group in grouped.items():
        parts = tuple(LinePart(key, figure - billed) for key, _, figure, billed in group)
        if all(part.own_fen == 0 for part in parts):
            continue
        terms = [f"({text_of_fen(f)} − {text_of_fen(b)})" for _, _, f, b in group]
        total = text_of_fen(sum(part.own_fen for part in parts))
        step = ExplanationStep(
            "true-up: final less billed", f"{' + '.join(terms)} = {total}", _scale_inputs(year)
        )
        span = Period(min(year.served.start, end), end)
        lines.append(
            _line(
                LineKind.TRUE_UP,
                year,
                group[-1][1],
                taxation=taxation,
                parts=parts,
                span=span,
                corrects_month=Month.of(_last_day(span)),
                steps=(step,),
            )
        )
    return lines


def _given_back(
    inputs: CustomerInputs, year: ServiceYear, owed: Sequence[_Owed]
) -> Iterable[InvoiceLine]:
    present = {each.key for each in owed}
    return given_back(inputs, year, ChargeKind.SCALE, present=present)


def _line(  # noqa: PLR0913 - private, and every part of a line is a choice of its caller
    kind: LineKind,
    year: ServiceYear,
    segment: FeeSegment,
    *,
    taxation: Taxation,
    parts: tuple[LinePart, ...],
    span: Period,
    corrects_month: Month | None,
    steps: tuple[ExplanationStep, ...],
) -> InvoiceLine:
    assert year.scale is not None, "a year without a scale is held before it is charged"
    tonnes, tariff = year.scale.statement.tonnes, segment.tariff
    trued_up = kind is LineKind.TRUE_UP
    return InvoiceLine(
        kind=kind,
        service=Service.DAILY_MANAGEMENT,
        description=(
            f"daily management {year.year}: true-up on the final scale"
            if trued_up
            else fee_description(segment)
        ),
        quantity_tonnes=tonnes,
        unit_price=single_price(tariff, tonnes),
        taxation=taxation,
        amounts=taxation.of(sum(part.own_fen for part in parts)),
        service_period=span,
        corrects_month=corrects_month,
        explanation=Explanation(steps, tariff.rule_version),
        rule_version=tariff.rule_version,
        scale_version=year.scale.version,
        parts=parts,
    )


def _annual(year: ServiceYear, grown: Accrual) -> tuple[ExplanationStep, ...]:
    assert year.scale is not None, "a year without a scale is held before it is charged"
    return annual_steps(grown.segment.tariff, year.scale.statement.tonnes, grown.annual)


def _scale_inputs(year: ServiceYear) -> dict[str, str]:
    assert year.scale is not None, "a year without a scale is held before it is charged"
    statement = year.scale.statement
    return {
        "scale": year.scale.name,
        "scale_tonnes": str(statement.tonnes),
        "status": statement.status,
        "basis": statement.basis,
    }


def _last_day(span: Period) -> date:
    return date.fromordinal(max(span.end.toordinal() - 1, span.start.toordinal()))
