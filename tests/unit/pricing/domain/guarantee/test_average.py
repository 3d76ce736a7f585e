"""From schedules and outlooks to numbers."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from services.kernel.money import money
from services.pricing.domain.guarantee.average import MovesTooFar, schedule_of
from services.pricing.domain.guarantee.inquiry import (
    Execution,
    ForwardPoint,
    Outlook,
    PlannedDelivery,
    VolatilityPoint,
    spread_evenly,
)
from tests.builders.guarantee import SPOT, VALUATION, inquiry, weekly_deliveries


def day(number: int) -> PlannedDelivery:
    return PlannedDelivery(VALUATION + timedelta(days=number), 100)


def test_counts_years_by_calendar_days() -> None:
    schedule = schedule_of(inquiry(deliveries=(day(0), day(73), day(365))))
    assert schedule.years.tolist() == [0.0, 0.2, 1.0]
    assert schedule.averages.variances[0] == pytest.approx([0.0, 0.018, 0.09])
    growth = 80.0 * np.exp(0.02 * schedule.years) / 3
    assert schedule.averages.forwards[0] == pytest.approx(growth)


def test_weighs_what_is_executed_and_what_is_planned() -> None:
    executed = (Execution(1000, money("75000")), Execution(500, money("39000.50")))
    planned = (day(10), PlannedDelivery(VALUATION + timedelta(days=20), 400))
    averages = schedule_of(inquiry(deliveries=planned, executed=executed)).averages
    assert averages.known[0] == pytest.approx(114000.50 / 2000)
    assert averages.forwards[0] == pytest.approx([4.0, 16.0], rel=2e-3)


def test_leaves_deliveries_of_the_past_to_what_was_executed() -> None:
    executed = (Execution(1000, money("75000")),)
    late = schedule_of(inquiry(deliveries=(day(-5), day(10)), executed=executed))
    assert late.averages.forwards.shape == (1, 1)
    assert late.averages.known[0] == pytest.approx(75000 / 1100)


def test_does_not_mind_the_order_of_deliveries() -> None:
    plain, turned = inquiry(), inquiry(deliveries=weekly_deliveries()[::-1])
    ours, theirs = schedule_of(plain).averages, schedule_of(turned).averages
    assert (ours.forwards == theirs.forwards).all()
    assert (ours.variances == theirs.variances).all()


def test_reads_a_forward_curve_at_a_constant_rate_between_its_days() -> None:
    points = [(30, "80"), (130, "88.2")]
    curve = tuple(ForwardPoint(day(number).date, Decimal(price)) for number, price in points)
    outlook = Outlook(forward_curve=curve, volatility=Decimal("0.3"))
    deliveries = tuple(day(number) for number in (5, 30, 80, 130, 200))
    averages = schedule_of(inquiry(deliveries=deliveries, outlook=outlook)).averages
    assert 5 * averages.forwards[0] == pytest.approx([80, 80, 84, 88.2, 88.2])
    assert averages.levels[0] == pytest.approx(84.08)


def test_lets_total_variance_grow_evenly_between_the_days_of_a_term() -> None:
    points = [(73, "0.4"), (146, "0.3")]
    term = tuple(VolatilityPoint(day(number).date, Decimal(figure)) for number, figure in points)
    outlook = replace(SPOT, volatility=None, volatility_term=term)
    deliveries = tuple(day(number) for number in (36, 73, 110, 146, 365))
    variances = schedule_of(inquiry(deliveries=deliveries, outlook=outlook)).averages.variances
    between = 0.032 + (0.036 - 0.032) * 37 / 73
    assert variances[0] == pytest.approx([0.16 * 36 / 365, 0.032, between, 0.036, 0.09])


def test_refuses_moves_that_leave_prices_without_meaning() -> None:
    wild = replace(SPOT, volatility=Decimal(3))
    assert schedule_of(inquiry(deliveries=(day(365),), outlook=wild)).averages.variances[0, 0] == 9
    with pytest.raises(MovesTooFar) as refusal:
        schedule_of(inquiry(deliveries=(day(366),), outlook=wild))
    assert refusal.value.violations[0].field == "volatility"


def test_moves_volatility_and_drift_row_by_row() -> None:
    schedule = schedule_of(inquiry())
    moved = schedule.shifted(volatilities=np.array([-0.5, 0.1]), drifts=np.array([0.0, 0.1]))
    assert moved.volatilities == pytest.approx([0.0, 0.4])
    assert moved.variances[0].tolist() == [0.0] * 26
    assert moved.variances[1] == pytest.approx(0.16 * schedule.years)
    growth = moved.forwards[1] / schedule.averages.forwards[0]
    assert growth == pytest.approx(np.exp(0.1 * schedule.years))


def test_spreads_tonnes_evenly_over_days() -> None:
    days = [VALUATION + timedelta(days=number) for number in range(4)]
    assert [each.planned_tonnes for each in spread_evenly(days=days, tonnes=10)] == [3, 3, 2, 2]
    assert len(spread_evenly(days=days, tonnes=3)) == 3
