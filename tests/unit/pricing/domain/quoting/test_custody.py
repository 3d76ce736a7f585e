from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.bootstrap.exchange import trading_calendar
from services.bootstrap.pricing_valuations import offset_covers
from services.pricing.domain.guarantee.inquiry import Outlook, PlannedDelivery
from services.pricing.domain.quoting.asked import InvalidQuestion, check_forms
from services.pricing.domain.quoting.custody import (
    CustodyTerms,
    DemandTooSlow,
    after_haircut,
    cover_of,
    sale_plan,
)
from services.pricing.domain.quoting.quote import Provenance, price_question
from tests.builders.portfolio import CREDIT, FLOOR, a_question

ISSUED = (
    PlannedDelivery(date(2025, 3, 3), 5_000),
    PlannedDelivery(date(2025, 3, 5), 5_000),
)


def sales(terms: CustodyTerms, executed: int = 0) -> list[tuple[int, int]]:
    plan = sale_plan(deliveries=ISSUED, executed=executed, terms=terms, calendar=trading_calendar())
    return [(sale.date.day, sale.planned_tonnes) for sale in plan.sales]


def test_sells_credits_as_they_come_where_nothing_limits_it() -> None:
    assert sales(CustodyTerms()) == [(3, 5_000), (5, 5_000)]


def test_sells_what_a_day_does_not_take_on_the_trading_days_after() -> None:
    terms = CustodyTerms(daily_limit_tonnes=3_000)
    # The 8th and 9th are a weekend; what waits is sold before what comes later.
    assert sales(terms) == [(3, 3_000), (4, 2_000), (5, 3_000), (6, 2_000)]


def test_promises_the_first_credits_up_to_the_cap() -> None:
    terms = CustodyTerms(volume_cap_tonnes=7_000)
    assert sales(terms) == [(3, 5_000), (5, 2_000)]
    assert sales(terms, executed=4_000) == [(3, 3_000)]


def test_refuses_a_market_that_would_take_ten_years() -> None:
    with pytest.raises(DemandTooSlow):
        sales(CustodyTerms(daily_limit_tonnes=1))


def test_lowers_every_price_by_the_haircut() -> None:
    outlook = after_haircut(Outlook(spot=Decimal(70), volatility=Decimal(0)), Decimal("0.05"))
    assert outlook.spot == Decimal("66.50")


def test_shows_the_demand_beside_what_is_promised() -> None:
    terms = CustodyTerms(due_tonnes=Decimal(100_019), other_promised_tonnes=1_000)
    plan = sale_plan(deliveries=ISSUED, executed=0, terms=terms, calendar=trading_calendar())
    cover = cover_of(
        plan=plan,
        executed=0,
        open_average=Decimal(70),
        terms=terms,
        cover=offset_covers().on(date(2025, 3, 3)),
    )
    # Five percent of 100,019 tonnes due is 5,000.95: whole credits only.
    assert (cover.demand_cap_tonnes, cover.demand_cap_rate) == (5_000, Decimal("0.05"))
    assert cover.demand_cap_use == Decimal("2.200000")


def test_looks_at_no_demand_that_nobody_states() -> None:
    plan = sale_plan(
        deliveries=ISSUED, executed=0, terms=CustodyTerms(), calendar=trading_calendar()
    )
    cover = cover_of(
        plan=plan, executed=0, open_average=Decimal(70), terms=CustodyTerms(), cover=None
    )
    assert (cover.demand_cap_tonnes, cover.demand_cap_use) == (None, None)


def test_a_haircut_lowers_the_floor_by_its_part() -> None:
    question = a_question(instrument=CREDIT, terms=FLOOR, deliveries=ISSUED)
    prices, costs = [], []
    for haircut in ("0", "0.04"):
        terms = CustodyTerms(liquidity_haircut=Decimal(haircut))
        priced = price_question(
            question=replace(question, custody=terms),
            provenance=Provenance("a", "a", "given"),
            calendar=trading_calendar(),
            covers=offset_covers(),
        )
        prices.append(priced.figures.break_even_price)
        costs += [] if priced.custody is None else [priced.custody.haircut_per_tonne]
    assert abs(prices[1] - prices[0] * Decimal("0.96")) <= Decimal("0.000001")
    assert abs(costs[1] - prices[0] * Decimal("0.04")) < Decimal("0.00001")


def test_custody_belongs_to_a_sale_of_credits() -> None:
    with pytest.raises(InvalidQuestion, match="SALE of CCER"):
        check_forms(a_question(custody=CustodyTerms()))


def test_refuses_terms_of_custody_without_meaning() -> None:
    terms = CustodyTerms(volume_cap_tonnes=-1, liquidity_haircut=Decimal(1), due_tonnes=Decimal(-5))
    with pytest.raises(InvalidQuestion) as caught:
        check_forms(a_question(instrument=CREDIT, terms=FLOOR, custody=terms))
    assert {violation.field for violation in caught.value.violations} == {
        "custody.volume_cap_tonnes",
        "custody.liquidity_haircut",
        "custody.due_tonnes",
    }
