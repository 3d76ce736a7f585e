"""Lines of the management fee: cumulative minus billed, segment by segment."""

from datetime import date
from itertools import pairwise

from services.billing.domain.asset_scale import ScaleStatus
from services.billing.domain.charges import charge_customer
from services.billing.domain.inputs import CustomerInputs
from services.billing.domain.invoice_line import InvoiceLine, LineKind
from services.billing.domain.tariff import TariffSegment
from services.kernel.period import Period
from services.kernel.service import CustomerClass
from tests.builders.billing import (
    a_flat_tariff,
    a_piece,
    a_scale,
    a_year,
    billed_by,
    the_inputs,
)

FINAL = ScaleStatus.FINAL


def lines_of(inputs: CustomerInputs) -> list[InvoiceLine]:
    charges = charge_customer(inputs)
    assert charges.findings == ()
    return list(charges.lines)


def nets(lines: list[InvoiceLine]) -> list[tuple[LineKind, int]]:
    return [(line.kind, line.amounts.net_fen) for line in lines]


def billed_months(*months: str, scale: str = "8200000") -> list[InvoiceLine]:
    lines: list[InvoiceLine] = []
    for month in months:
        year = a_year(scale=a_scale(scale))
        lines += lines_of(the_inputs(year, month=month, billed=billed_by(lines)))
    return lines


def test_a_month_owes_what_is_to_date_less_what_was_billed() -> None:
    lines = billed_months("2025-01", "2025-02", "2025-03")
    assert [line.amounts.net_fen for line in lines] == [19_958_904, 18_027_397, 19_958_904]


def test_a_month_billed_again_owes_nothing() -> None:
    lines = billed_months("2025-01", "2025-01")
    assert [line.amounts.net_fen for line in lines] == [19_958_904, 0]


def test_a_month_left_out_is_caught_up_by_the_next() -> None:
    lines = billed_months("2025-01", "2025-03")
    assert [line.amounts.net_fen for line in lines] == [19_958_904, 18_027_397 + 19_958_904]


def test_a_line_is_for_its_month_unless_it_moves_earlier_days_too() -> None:
    first, second, fourth = billed_months("2025-01", "2025-02", "2025-04")
    assert first.service_period == Period(date(2025, 1, 1), date(2025, 2, 1))
    assert second.service_period == Period(date(2025, 2, 1), date(2025, 3, 1))
    assert fourth.service_period == Period(date(2025, 1, 1), date(2025, 5, 1))


def test_a_new_estimate_moves_the_next_line() -> None:
    before = billed_months("2025-01")
    year = a_year(scale=a_scale("1000000", version=2))
    lines = lines_of(the_inputs(year, month="2025-02", billed=billed_by(before)))
    to_date = round(35_000_000 * 59 / 365)
    assert nets(lines) == [(LineKind.MANAGEMENT_FEE, to_date - 19_958_904)]


def test_a_final_scale_sets_the_difference_apart_in_one_line() -> None:
    before = billed_months("2025-01", "2025-02")
    year = a_year(scale=a_scale("1000000", version=2, status=FINAL))
    lines = lines_of(the_inputs(year, month="2025-03", billed=billed_by(before)))
    earlier, to_date = round(35_000_000 * 59 / 365), round(35_000_000 * 90 / 365)
    assert nets(lines) == [
        (LineKind.MANAGEMENT_FEE, to_date - earlier),
        (LineKind.TRUE_UP, earlier - 19_958_904 - 18_027_397),
    ]
    assert lines[1].service_period == Period(date(2025, 1, 1), date(2025, 3, 1))


def test_a_scale_final_again_trues_up_again_and_then_no_more() -> None:
    lines = billed_months("2025-01")
    for version, tonnes in ((2, "1000000"), (3, "2000000"), (3, "2000000")):
        year = a_year(scale=a_scale(tonnes, version=version, status=FINAL))
        month = f"2025-{len({line.service_period for line in lines}) + 1:02d}"
        lines += lines_of(the_inputs(year, month=month, billed=billed_by(lines)))
    assert [line.kind for line in lines].count(LineKind.TRUE_UP) == 2


def test_a_final_scale_from_the_start_needs_no_true_up() -> None:
    year = a_year(scale=a_scale(status=FINAL))
    lines = lines_of(the_inputs(year, month="2025-02"))
    assert nets(lines) == [(LineKind.MANAGEMENT_FEE, 19_958_904 + 18_027_397)]


def test_the_class_of_billed_days_can_change_and_the_old_segment_is_given_back() -> None:
    external = a_flat_tariff("0.40", rule_version="external")
    internal = a_flat_tariff("0.30", rule_version="internal")
    first = a_year(a_piece(external, customer_class=CustomerClass.EXTERNAL), scale=a_scale())
    before = lines_of(the_inputs(first, month="2025-01"))
    now = a_year(a_piece(internal), scale=a_scale())
    lines = lines_of(the_inputs(now, month="2025-02", billed=billed_by(before)))
    expected = round(246_000_000 * 59 / 365)
    assert sum(line.amounts.net_fen for line in [*before, *lines]) == expected
    assert lines[0].amounts.net_fen == -before[0].amounts.net_fen


def test_days_of_the_same_rule_are_one_segment_even_when_others_lie_between() -> None:
    first, second = a_flat_tariff("0.30", rule_version="a"), a_flat_tariff("0.28", rule_version="b")
    days = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1), date(2026, 1, 1)]
    periods = [Period(start, end) for start, end in pairwise(days)]
    pieces = [
        TariffSegment(period, CustomerClass.INTERNAL, tariff)
        for period, tariff in zip(periods, [first, second, first], strict=True)
    ]
    lines = lines_of(the_inputs(a_year(*pieces, scale=a_scale()), month="2025-03"))
    assert [line.amounts.net_fen for line in lines] == [
        round(246_000_000 * 62 / 365),
        round(229_600_000 * 28 / 365),
    ]


def test_a_customer_without_a_scale_is_held_by_name() -> None:
    charges = charge_customer(the_inputs(a_year(), month="2025-01"))
    (finding,) = charges.findings
    assert (charges.lines, finding.reason) == ((), "SCALE_MISSING")
    assert finding.subject == "customers/hanchuan"


def test_days_without_a_tariff_hold_the_customer_and_are_named() -> None:
    until = Period(date(2025, 1, 1), date(2025, 2, 10))
    year = a_year(a_piece(period=until), scale=a_scale())
    (finding,) = charge_customer(the_inputs(year, month="2025-02")).findings
    assert finding.reason == "PRICE_MISSING"
    assert "from 2025-02-10" in finding.message


def test_a_missing_scale_of_an_earlier_year_warns_and_holds_nothing() -> None:
    years = a_year(), a_year(year=2026, scale=a_scale())
    charges = charge_customer(the_inputs(*years, month="2026-01"))
    assert [line.amounts.net_fen for line in charges.lines] == [19_958_904]
    assert [finding.severity for finding in charges.findings] == ["WARNING"]


def test_an_explanation_has_the_numbers() -> None:
    (line,) = billed_months("2025-01")
    formulas = [step.formula for step in line.explanation.steps]
    assert formulas == [
        "1,000,000 × 0.35 + 4,000,000 × 0.30 + 3,200,000 × 0.25 = 2,350,000.00",
        "round(2,350,000.00 × 31 ÷ 365) = 199,589.04 − 0.00 = 199,589.04",
    ]
    assert line.rule_version == "feeSchedules/internal/revisions/r1"
