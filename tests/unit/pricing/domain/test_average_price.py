from datetime import date
from decimal import Decimal

import pytest

from services.kernel.period import Period
from services.pricing.domain.average_price import (
    AverageKind,
    AveragePrice,
    PriceMissing,
    SpanTooLong,
    average_price,
    check_span,
)
from services.pricing.domain.price_point import DayFigures, PriceQuality
from tests.builders.pricing import CEA, calendar, figures

VWAP, TWAP = AverageKind.VWAP, AverageKind.TWAP
WEEK = Period(date(2025, 6, 30), date(2025, 7, 5))
MONDAY = figures("2025-06-30", "73.06", tonnes=100, amount="7306.00")
TUESDAY = figures(
    *("2025-07-01", "74.22"),
    tonnes=300,
    amount="22266.00",
    block_tonnes=600,
    block_amount="42000.00",
)


def average(*days: DayFigures, kind: AverageKind = VWAP, listed_only: bool = False) -> AveragePrice:
    return average_price(
        kind=kind,
        series=CEA,
        days=days,
        trading_days=calendar().trading_days(WEEK),
        listed_only=listed_only,
    )


def test_weighs_by_volume_with_blocks_or_without() -> None:
    assert average(MONDAY, TUESDAY).shown == Decimal("71.572000")
    listed = average(MONDAY, TUESDAY, listed_only=True)
    assert (listed.shown, listed.volume_tonnes) == (Decimal("73.930000"), 400)


def test_takes_the_plain_mean_of_closes() -> None:
    assert average(MONDAY, TUESDAY, kind=TWAP).shown == Decimal("73.640000")


def test_weighs_each_day_alike_over_months_of_different_length() -> None:
    days = [figures("2025-06-30", "94.70")] * 20 + [figures("2025-07-01", "91.36")] * 18
    mean = average(*days, kind=TWAP)
    assert mean.shown == Decimal("93.117895")
    assert mean.total == Decimal("3538.48")


def test_names_the_trading_days_that_are_missing() -> None:
    missing = average(MONDAY, TUESDAY).missing_dates
    assert missing == (date(2025, 7, 2), date(2025, 7, 3), date(2025, 7, 4))


def test_leaves_a_day_without_amount_out_of_a_weighted_average_and_names_it() -> None:
    known = average(MONDAY, figures("2025-07-01", tonnes=50))
    assert (known.day_count, known.volume_tonnes) == (1, 100)
    assert date(2025, 7, 1) in known.missing_dates


def test_leaves_a_day_out_whose_listed_or_block_amount_alone_is_unknown() -> None:
    listed = figures("2025-07-01", tonnes=300, block_tonnes=600, block_amount="42000.00")
    blocks = figures("2025-07-01", tonnes=300, amount="22266.00", block_tonnes=600)
    quiet = figures("2025-07-01", tonnes=0, block_tonnes=600)
    for partly in (listed, blocks, quiet):
        known = average(MONDAY, partly)
        assert (known.day_count, known.volume_tonnes) == (1, 100)
        assert date(2025, 7, 1) in known.missing_dates
    assert average(MONDAY, blocks, listed_only=True).volume_tonnes == 400


def test_counts_a_day_without_trading_as_a_day() -> None:
    quiet = figures("2025-07-01", tonnes=0, amount="0.00")
    known = average(MONDAY, quiet)
    assert (known.day_count, known.shown) == (2, Decimal("73.060000"))


def test_is_as_good_as_the_worst_day_in_it() -> None:
    open_day = figures("2025-07-02", quality=PriceQuality.PROVISIONAL)
    guess = figures("2025-07-03", quality=PriceQuality.ESTIMATED)
    assert average(MONDAY, open_day, kind=TWAP).lowest_quality is PriceQuality.PROVISIONAL
    assert average(guess, open_day, MONDAY, kind=TWAP).lowest_quality is PriceQuality.ESTIMATED


@pytest.mark.parametrize("kind", [VWAP, TWAP])
def test_is_never_zero_where_there_is_no_price(kind: AverageKind) -> None:
    with pytest.raises(PriceMissing, match="import prices"):
        average(kind=kind)


def test_has_no_weighted_average_of_closes_alone() -> None:
    with pytest.raises(PriceMissing):
        average(figures("2025-07-01"))


def test_refuses_a_span_of_more_than_twenty_years() -> None:
    check_span(Period(date(2021, 1, 1), date(2041, 1, 1)))
    with pytest.raises(SpanTooLong):
        check_span(Period(date(2021, 1, 1), date(2042, 1, 1)))
