"""What a valuation may take for granted, as far as its contracts reach."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.kernel.finding import Severity
from services.kernel.period import Period
from services.pricing.domain.portfolio.asked import (
    InvalidScenario,
    beyond_calendar,
    check_reach,
    within_reach,
)
from tests.builders.portfolio import DAY, a_market, a_position
from tests.builders.pricing import calendar

LONG = a_position(window=Period(date(2025, 1, 1), date(2044, 1, 1)))


def refused(**asked: object) -> str:
    with pytest.raises(InvalidScenario) as found:
        check_reach(positions=[LONG], as_of=DAY, **asked)  # type: ignore[arg-type]  # as asked
    return found.value.violations[0].field


def test_takes_what_markets_do() -> None:
    check_reach(markets=[a_market()], positions=[LONG], as_of=DAY, discount_rate=Decimal("0.05"))


def test_refuses_a_volatility_that_reaches_too_far() -> None:
    market = a_market(volatility=Decimal(2))
    assert refused(markets=[market]) == "scenario.markets.CEA.volatility"


def test_refuses_a_carry_that_leaves_no_price() -> None:
    market = a_market(carry_rate=Decimal("0.9"))
    assert refused(markets=[market]) == "scenario.markets.CEA.carry_rate"


@pytest.mark.parametrize("rate", ["-0.9", "0.9"])
def test_refuses_a_discount_beyond_a_thousand(rate: str) -> None:
    found = refused(markets=[a_market()], discount_rate=Decimal(rate))
    assert found == "scenario.discount_rate"


def test_holds_a_contract_that_ends_in_more_than_twenty_years() -> None:
    far = a_position(2, window=Period(date(2025, 1, 1), date(2150, 1, 1)))
    kept, held = within_reach([LONG, far], as_of=DAY)
    assert kept == [LONG]
    assert [(each.reason, each.subject) for each in held] == [("WINDOW_TOO_FAR", "contracts/c002")]


def test_reaches_the_end_of_the_calendar() -> None:
    assert within_reach([LONG], as_of=date(9990, 1, 1))[0] == [LONG]


def test_warns_where_days_lie_beyond_the_known_holidays() -> None:
    (found,) = beyond_calendar([a_position(), LONG, LONG], calendar=calendar())
    assert (found.severity, found.reason) == (Severity.WARNING, "CALENDAR_UNKNOWN")
    assert f"from {calendar().known.end} on" in found.message
    assert "contracts/c001 and 1 more" in found.message


def test_warns_of_no_days_that_nothing_is_left_for() -> None:
    until = replace(LONG, window=Period(date(2025, 1, 1), calendar().known.end))
    done = replace(LONG, delivered_tonnes=LONG.volume_tonnes)
    assert beyond_calendar([until, done], calendar=calendar()) == []
