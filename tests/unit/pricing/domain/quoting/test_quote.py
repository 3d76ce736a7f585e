from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from services.bootstrap.exchange import trading_calendar
from services.kernel.instrument import GuaranteeSide
from services.kernel.money import money
from services.kernel.period import Period
from services.pricing.domain.guarantee.inquiry import Execution, Outlook, PlannedDelivery
from services.pricing.domain.offset_cover import OffsetCovers
from services.pricing.domain.quoting.asked import (
    InvalidQuestion,
    QuestionFormsMixed,
    QuoteQuestion,
    check_forms,
)
from services.pricing.domain.quoting.quote import (
    PricedInputs,
    Provenance,
    expiry,
    planned_deliveries,
    price_inputs,
    price_question,
)
from tests.builders.portfolio import DAY, a_question

SHANGHAI = ZoneInfo("Asia/Shanghai")


def priced(question: QuoteQuestion) -> PricedInputs:
    return price_question(
        question=question,
        provenance=Provenance("analyst", "analyst", "given"),
        calendar=trading_calendar(),
        covers=OffsetCovers(()),
    )


def windowed(**more: object) -> QuoteQuestion:
    window = Period(date(2025, 1, 24), date(2025, 2, 8))
    return a_question(deliveries=(), window=window, total_tonnes=1_000, **more)


def test_gives_the_figures_of_its_inputs_again() -> None:
    quote = priced(a_question())
    assert price_inputs(quote.inputs) == quote.figures


def test_spreads_a_window_evenly_over_its_trading_days() -> None:
    plan = planned_deliveries(windowed(), trading_calendar())
    assert [each.planned_tonnes for each in plan] == [200] * 5
    assert plan[2].date == date(2025, 2, 5)


def test_leaves_out_of_a_window_what_was_executed() -> None:
    executed = (Execution(400, money("30000.00")),)
    question = windowed(valuation_date=date(2025, 2, 5), executed=executed)
    plan = planned_deliveries(question, trading_calendar())
    assert [each.planned_tonnes for each in plan] == [200, 200, 200]
    assert priced(question).inputs.promised_tonnes == 1_000


def test_prices_a_window_that_is_over_at_what_was_paid() -> None:
    executed = (Execution(1_000, money("75000.00")),)
    question = windowed(valuation_date=date(2025, 3, 3), executed=executed)
    quote = priced(question)
    assert quote.figures.break_even_price == quote.figures.expected_average == 75
    assert quote.figures.model == "certain"


def test_refuses_a_window_that_began_without_an_execution() -> None:
    with pytest.raises(InvalidQuestion, match="say what was executed"):
        planned_deliveries(windowed(valuation_date=date(2025, 2, 5)), trading_calendar())


def test_refuses_a_window_without_a_trading_day() -> None:
    holidays = Period(date(2025, 1, 28), date(2025, 2, 4))
    with pytest.raises(InvalidQuestion, match="no trading day"):
        planned_deliveries(replace(windowed(), window=holidays), trading_calendar())


def test_refuses_more_executed_than_there_is() -> None:
    executed = (Execution(2_000, money("1.00")),)
    with pytest.raises(InvalidQuestion, match="less than the 2000 executed"):
        planned_deliveries(windowed(executed=executed), trading_calendar())


@pytest.mark.parametrize(
    "more",
    [
        {"window": Period(DAY, date(2025, 2, 1))},
        {"deliveries": ()},
        {"outlook": Outlook(volatility=Decimal("0.3"))},
        {"target_margin_per_tonne": Decimal(1), "target_return_on_cvar": Decimal("0.1")},
        {"volatility_series": "priceSeries/cea"},
    ],
)
def test_refuses_two_forms_at_once_or_none(more: dict[str, object]) -> None:
    with pytest.raises(QuestionFormsMixed):
        check_forms(a_question(**more))


def test_names_every_half_of_a_form() -> None:
    wrong = a_question(
        deliveries=(),
        total_tonnes=5,
        outlook=Outlook(spot=Decimal(80)),
        volatility_range=Period(DAY, date(2025, 2, 1)),
    )
    with pytest.raises(InvalidQuestion) as caught:
        check_forms(wrong)
    fields = [violation.field for violation in caught.value.violations]
    assert fields == ["window", "volatility", "volatility_range"]


def test_holds_until_the_end_of_the_next_trading_day() -> None:
    friday = datetime(2025, 1, 24, 8, tzinfo=UTC)
    assert expiry(friday, trading_calendar()) == datetime(2025, 1, 28, tzinfo=SHANGHAI)
    # Late in the evening of Universal Time it is the next day in Shanghai already.
    late = datetime(2025, 1, 23, 17, tzinfo=UTC)
    assert expiry(late, trading_calendar()) == expiry(friday, trading_calendar())


def test_values_all_tonnes_under_the_promise() -> None:
    quote = priced(a_question(promised_price=Decimal(85)))
    assert quote.value.amount == (quote.figures.value_per_tonne * 18_000).quantize(Decimal("0.01"))


def test_a_sale_mirrors_a_purchase_without_shares() -> None:
    buying = a_question().terms
    plan = (PlannedDelivery(date(2025, 3, 3), 10),)
    question = a_question(deliveries=plan, promised_price=Decimal(82))
    purchase = priced(replace(question, terms=replace(buying, gain_share_tiers=())))
    sale = priced(
        replace(question, terms=replace(buying, side=GuaranteeSide.SALE, gain_share_tiers=()))
    )
    assert sale.figures.value_per_tonne == -purchase.figures.value_per_tonne


def test_says_where_a_plan_goes_beyond_the_known_holidays() -> None:
    known_until = trading_calendar().known.end
    window = Period(known_until - timedelta(days=20), known_until + timedelta(days=30))
    quote = priced(a_question(deliveries=(), window=window, total_tonnes=1_000))
    assert quote.inputs.holidays_unknown_from == known_until
    assert [each.reason for each in quote.findings] == ["CALENDAR_UNKNOWN"]
    assert price_inputs(quote.inputs) == quote.figures


def test_says_nothing_of_the_calendar_where_days_were_given() -> None:
    far = trading_calendar().known.end + timedelta(days=30)
    quote = priced(a_question(deliveries=(PlannedDelivery(far, 1_000),)))
    assert quote.findings == ()
