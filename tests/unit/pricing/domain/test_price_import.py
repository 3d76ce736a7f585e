from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from services.kernel.instrument import InstrumentKind
from services.kernel.money import money
from services.pricing.domain.price_import import ImportOutcome, examine_rows
from services.pricing.domain.price_point import DayFigures, PriceQuality
from services.pricing.domain.reported_row import ReportedRow, RowIssue
from tests.builders.pricing import TODAY, figures, import_rules, reasons, recorded, row

MONDAY = figures("2025-06-30", "73.06")


def examine(*rows: ReportedRow, known: tuple[DayFigures, ...] = (MONDAY,)) -> ImportOutcome:
    return examine_rows(rows=rows, recorded=recorded(*known), rules=import_rules())


def test_accepts_a_day_that_passes_every_check() -> None:
    whole = row(low="72.90", high="74.80", tonnes=300_910, amount="22334340.90")
    outcome = examine(whole)
    assert (outcome.accepted, outcome.rejections, outcome.warnings) == (1, (), ())
    assert outcome.new[0].close == Decimal("74.22")


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        (row(low="74.30", high="75.00"), "close", "CLOSE_OUTSIDE_RANGE"),
        (row(low="73.00", high="74.00"), "close", "CLOSE_OUTSIDE_RANGE"),
        (row(low="75.00", high="74.00"), "low", "LOW_ABOVE_HIGH"),
        (row(low="73", high="75", tonnes=10, amount="750.10"), "amount", "AVERAGE_OUTSIDE_RANGE"),
        (row(low="73", high="75", tonnes=10, amount="729.99"), "amount", "AVERAGE_OUTSIDE_RANGE"),
        (row(close="80.38"), "close", "MOVE_BEYOND_LIMIT"),
        (row(close="65.74"), "close", "MOVE_BEYOND_LIMIT"),
        (row("2025-07-05"), "date", "NOT_A_TRADING_DAY"),
        (row("2025-10-01"), "date", "NOT_A_TRADING_DAY"),
        (row("2021-07-15"), "date", "NOT_A_TRADING_DAY"),
        (row(close="-1"), "close", "NEGATIVE"),
        (row(low="-1"), "low", "NEGATIVE"),
        (row(close="0"), "close", "ZERO_PRICE"),
        (row(tonnes=-1), "volume_tonnes", "NEGATIVE"),
        (row(high="1000000.01"), "high", "TOO_LARGE"),
        (row(tonnes=10**11), "volume_tonnes", "TOO_LARGE"),
        (row(tonnes=1, amount="10000000000000.01"), "amount", "TOO_LARGE"),
        (row(block_tonnes=1, block_amount="-1.00"), "block_amount", "NEGATIVE"),
        (row(amount="100.00"), "amount", "AMOUNT_WITHOUT_VOLUME"),
        (row(close=None), "close", "CLOSE_MISSING"),
        (row(day=""), "date", "DATE_MISSING"),
        (row(quality=None), "quality", "QUALITY_MISSING"),
    ],
)
def test_refuses_a_row_by_name(wrong: ReportedRow, field: str, reason: str) -> None:
    outcome = examine(wrong)
    assert (0, field, reason) in reasons(outcome.rejections)
    assert outcome.accepted == 0


def test_accepts_the_very_ends_of_the_band() -> None:
    for close in ("80.37", "65.75"):
        assert examine(row(close=close)).rejections == ()


def test_refuses_a_published_average_of_ten_times_the_high() -> None:
    misprint = row(low="79.00", high="80.00", close="79.50", tonnes=1000, amount="795040.00")
    outcome = examine(misprint, known=(figures("2025-06-30", "79.00"),))
    assert reasons(outcome.rejections) == [(0, "amount", "AVERAGE_OUTSIDE_RANGE")]
    assert "795.040000" in outcome.rejections[0].message


def test_names_every_reason_and_not_only_the_first() -> None:
    bad = row("2025-07-05", "99.00", low="80.00", high="75.00", tonnes=-5, quality=None)
    found = {reason for _, _, reason in reasons(examine(bad).rejections)}
    assert found == {
        *("QUALITY_MISSING", "NEGATIVE", "LOW_ABOVE_HIGH", "CLOSE_OUTSIDE_RANGE"),
        "NOT_A_TRADING_DAY",
    }


def test_says_what_could_not_be_read_instead_of_calling_it_missing() -> None:
    issue = RowIssue(0, "close", "NOT_A_NUMBER", "'abc' is not a decimal")
    outcome = examine(row(close=None, unreadable=(issue,)))
    assert outcome.rejections == (issue,)


def test_refuses_another_currency() -> None:
    dollars = replace(row(tonnes=10), amount=money("742.20", "USD"))
    assert reasons(examine(dollars).rejections) == [(0, "amount", "CURRENCY_MISMATCH")]


def test_refuses_the_later_of_two_rows_for_a_day() -> None:
    outcome = examine(row(number=0), row(number=1, close="74.00"))
    assert reasons(outcome.rejections) == [(1, "date", "DUPLICATE_ROW")]
    assert outcome.new[0].close == Decimal("74.22")


def test_measures_moves_within_the_batch_whatever_the_order_of_rows() -> None:
    later = row("2025-07-02", "81.00", number=0)
    outcome = examine(later, row("2025-07-01", "74.22", number=1))
    assert outcome.accepted == 2


def test_does_not_measure_from_a_refused_row() -> None:
    refused = row("2025-07-01", "95.00", number=0)
    outcome = examine(refused, row("2025-07-02", "98.00", number=1))
    assert [reason for _, _, reason in reasons(outcome.rejections)] == ["MOVE_BEYOND_LIMIT"] * 2


def test_allows_for_each_trading_day_of_a_gap_and_for_no_holiday() -> None:
    before = figures("2025-09-30", "58.00")
    assert examine(row("2025-10-09", "63.80"), known=(before,)).accepted == 1
    assert examine(row("2025-10-09", "63.81"), known=(before,)).accepted == 0
    assert examine(row("2025-10-10", "70.18"), known=(before,)).accepted == 1


def test_takes_a_price_after_a_long_silence_for_what_it_is() -> None:
    assert examine(row("2025-07-01", "700.00"), known=(figures("2021-07-16", "51.23"),)).new


def test_only_warns_of_a_first_row() -> None:
    outcome = examine(row("2021-07-16", "51.23"), known=())
    assert reasons(outcome.warnings) == [(0, "close", "NO_PREVIOUS_CLOSE")]
    assert outcome.accepted == 1


@pytest.mark.parametrize(
    ("odd", "field", "reason"),
    [
        (row(tonnes=0), "volume_tonnes", "STALE"),
        (row(tonnes=10), "amount", "AMOUNT_MISSING"),
        (
            row(low="73", high="75", block_tonnes=100_000, block_amount="6500000.00"),
            "block_amount",
            "BLOCK_AVERAGE_OUTSIDE_RANGE",
        ),
        (row(close=None, tonnes=300_910, amount="22334340.90"), "close", "CLOSE_IS_AVERAGE"),
    ],
)
def test_warns_of_an_accepted_row(odd: ReportedRow, field: str, reason: str) -> None:
    outcome = examine(odd)
    assert (0, field, reason) in reasons(outcome.warnings)
    assert outcome.accepted == 1


def test_lets_the_published_average_stand_for_a_close() -> None:
    outcome = examine(row(close=None, tonnes=300_910, amount="22334340.90"))
    assert outcome.new[0].close == Decimal("74.22")


def test_takes_no_published_price_of_a_day_that_has_not_come() -> None:
    tomorrow = row(str(TODAY + timedelta(days=1)))
    assert (0, "date", "DATE_IN_FUTURE") in reasons(examine(tomorrow).rejections)
    open_still = replace(tomorrow, quality=PriceQuality.PROVISIONAL)
    assert (0, "date", "DATE_IN_FUTURE") in reasons(examine(open_still).rejections)
    assessed = replace(tomorrow, quality=PriceQuality.ESTIMATED)
    assert examine(assessed).accepted == 1
    assert examine(row(str(TODAY))).accepted == 1


def test_warns_of_a_year_whose_holidays_are_not_known() -> None:
    outcome = examine(row("2027-01-04", "74.22"))
    assert (0, "date", "CALENDAR_UNKNOWN") in reasons(outcome.warnings)


def test_accepts_what_is_recorded_already_without_recording_it_again() -> None:
    outcome = examine(row("2025-06-30", "73.06"))
    assert (outcome.accepted, outcome.repeated, outcome.new) == (1, 1, ())


def test_makes_other_content_a_correction() -> None:
    outcome = examine(row("2025-06-30", "73.60"))
    assert (0, "close", "CORRECTION") in reasons(outcome.warnings)
    assert [day.close for day in outcome.new] == [Decimal("73.60")]


def test_knows_when_the_market_of_each_kind_opened() -> None:
    rules = import_rules(InstrumentKind.CCER)
    outcome = examine_rows(rows=[row("2023-07-03")], recorded={}, rules=rules)
    assert reasons(outcome.rejections) == [(0, "date", "NOT_A_TRADING_DAY")]
