from datetime import date
from decimal import Decimal

import pytest

from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import InstrumentKind
from services.pricing.domain.average_price import PriceMissing
from services.pricing.domain.price_point import DayFigures, PriceQuality
from services.pricing.domain.transfer_price import (
    MarketOfTransfers,
    NotATradingDay,
    PriceNotFinal,
    TransferMethod,
    TransferPrice,
    TransferRung,
    TransferTerms,
    transfer_price,
)
from tests.builders.pricing import CEA, calendar, figures, market, recorded

DAY = date(2025, 7, 4)
BY_VWAP = TransferTerms(method=TransferMethod.DAY_VWAP)
FIRST = PriceSeriesName("priceSeries/a-abandoned")
WEEK = (
    figures("2025-06-30", "73.06"),
    figures("2025-07-01", "74.22"),
    figures("2025-07-02", "74.00"),
    figures("2025-07-03", "74.50"),
)


def priced(*days: DayFigures, day: date = DAY, terms: TransferTerms | None = None) -> TransferPrice:
    return priced_in({CEA: days}, day=day, terms=terms)


def priced_in(
    series: dict[PriceSeriesName, tuple[DayFigures, ...]],
    *,
    day: date = DAY,
    terms: TransferTerms | None = None,
) -> TransferPrice:
    found = MarketOfTransfers(
        kind=InstrumentKind.CEA,
        series={name: recorded(*days) for name, days in series.items()},
        rules=market(),
        calendar=calendar(),
    )
    return transfer_price(day=day, market=found, terms=terms or TransferTerms())


def test_is_the_close_of_the_day_within_a_tenth_of_the_close_before() -> None:
    found = priced(*WEEK, figures("2025-07-04", "75.00"))
    assert (found.price, found.rung, found.days) == (
        Decimal("75.00"),
        TransferRung.DAY_CLOSE,
        (DAY,),
    )
    assert (found.lowest_price, found.highest_price) == (Decimal("67.05"), Decimal("81.95"))


def test_is_the_listed_average_of_the_day_to_the_tick_where_asked() -> None:
    today = figures("2025-07-04", "75.00", tonnes=3, amount="224.00", block_tonnes=1_000)
    found = priced(*WEEK, today, terms=BY_VWAP)
    assert (found.price, found.rung) == (Decimal("74.67"), TransferRung.DAY_VWAP)


def test_falls_to_the_close_where_no_volume_is_known_and_says_so() -> None:
    found = priced(*WEEK, figures("2025-07-04", "75.00"), terms=BY_VWAP)
    assert found.rung is TransferRung.DAY_CLOSE


def test_a_stale_close_is_passed_over_for_the_mean_of_the_last_traded_closes() -> None:
    stale = figures("2025-07-04", "74.50", tonnes=0)
    found = priced(*WEEK, stale, terms=TransferTerms(fallback_days=3))
    assert found.rung is TransferRung.MEAN_OF_LAST_CLOSES
    assert found.days == (date(2025, 7, 1), date(2025, 7, 2), date(2025, 7, 3))
    assert found.price == Decimal("74.24")
    assert "÷ 3" in found.explanation.steps[0].formula


def test_is_missing_where_too_few_closes_are_left_to_fall_back_on() -> None:
    with pytest.raises(PriceMissing, match="not 5 traded closes"):
        priced(*WEEK)


def test_is_missing_without_a_fallback() -> None:
    with pytest.raises(PriceMissing, match="no traded price of 2025-07-04"):
        priced(*WEEK, terms=TransferTerms(fallback_days=0))


def test_refuses_a_price_that_may_still_change_unless_it_is_accepted() -> None:
    provisional = figures("2025-07-04", "75.00", quality=PriceQuality.PROVISIONAL)
    with pytest.raises(PriceNotFinal, match="PROVISIONAL"):
        priced(*WEEK, provisional)
    found = priced(*WEEK, provisional, terms=TransferTerms(accept_not_final=True))
    assert found.quality is PriceQuality.PROVISIONAL


def test_moves_a_mean_that_lies_outside_to_the_bound() -> None:
    falling = [figures("2025-07-02", "100.00"), figures("2025-07-03", "82.00", tonnes=0)]
    found = priced(figures("2025-07-01", "99.00"), *falling, terms=TransferTerms(fallback_days=2))
    assert (found.price, found.bounded) == (Decimal("90.20"), True)


def test_has_no_bounds_where_no_close_of_the_last_sixty_days_is_known() -> None:
    found = priced(figures("2025-07-04", "75.00"), figures("2025-04-01", "80.00"))
    assert (found.previous_close, found.lowest_price, found.highest_price) == (None, None, None)


@pytest.mark.parametrize("day", [date(2025, 7, 5), date(2025, 10, 1), date(2021, 7, 15)])
def test_there_is_none_on_a_day_without_a_market(day: date) -> None:
    with pytest.raises(NotATradingDay):
        priced(*WEEK, day=day)


@pytest.mark.parametrize("first", [(), WEEK, (*WEEK, figures("2025-07-04", "74.50", tonnes=0))])
def test_takes_the_day_of_the_next_series_before_any_older_close(
    first: tuple[DayFigures, ...],
) -> None:
    terms = TransferTerms(fallback_days=3)
    found = priced_in({FIRST: first, CEA: (*WEEK, figures("2025-07-04", "75.00"))}, terms=terms)
    assert (found.series, found.rung) == (CEA, TransferRung.DAY_CLOSE)
    assert found.price == Decimal("75.00")
    assert FIRST in found.explanation.steps[0].formula
    assert CEA in found.explanation.steps[1].formula


def test_stays_with_the_first_series_that_was_traded_that_day() -> None:
    nearest = (figures("2025-07-04", "70.00"),)
    found = priced_in({FIRST: nearest, CEA: (*WEEK, figures("2025-07-04", "75.00"))})
    assert (found.series, found.price) == (FIRST, Decimal("70.00"))


def test_takes_no_final_price_of_the_next_series_for_an_open_one_of_the_first() -> None:
    open_still = (figures("2025-07-04", "70.00", quality=PriceQuality.PROVISIONAL),)
    with pytest.raises(PriceNotFinal, match=FIRST):
        priced_in({FIRST: open_still, CEA: (figures("2025-07-04", "75.00"),)})


def test_names_every_series_that_it_looked_at_in_vain() -> None:
    with pytest.raises(PriceMissing, match=f"{FIRST}, {CEA} have no traded price"):
        priced_in({FIRST: (), CEA: ()})
