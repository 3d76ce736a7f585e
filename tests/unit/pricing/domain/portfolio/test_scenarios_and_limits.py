from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.bootstrap.pricing_valuations import offset_covers, risk_limits
from services.kernel.identifiers import ContractName, ValuationName
from services.kernel.instrument import InstrumentKind
from services.pricing.domain.guarantee.inquiry import ForwardPoint
from services.pricing.domain.portfolio.asked import (
    AskedMarket,
    AskedScenario,
    InvalidScenario,
    ValuationFormsMixed,
    check_asked,
)
from services.pricing.domain.portfolio.concluding import demand_of
from services.pricing.domain.portfolio.limits import (
    Measure,
    Measured,
    limit_findings,
    read_risk_limits,
)
from services.pricing.domain.portfolio.scenario import historical_scenarios, worst_moves
from services.pricing.domain.price_point import DayFigures, PriceQuality
from tests.builders.portfolio import DAY, a_market

NAME = ValuationName("valuations/2025-01-02-1")
LIMITS = read_risk_limits(
    [
        "measure,kind,valid_from,limit,source",
        "VAR_99,,2024-01-01,100,old minutes",
        "VAR_99,,2025-01-01,200,minutes of January",
        "DELTA_TONNES,CEA,2025-01-01,1000,minutes of January",
    ]
)


def history(*closes: str, stale: frozenset[int] = frozenset()) -> list[DayFigures]:
    return [
        DayFigures(
            date=DAY + timedelta(days=place),
            close=Decimal(close),
            quality=PriceQuality.FINAL,
            volume_tonnes=0 if place in stale else 10,
        )
        for place, close in enumerate(closes)
    ]


def test_finds_the_deepest_fall_and_the_highest_rise() -> None:
    found = worst_moves(history("50", "60", "45", "40", "50"), window_days=2)
    assert found is not None
    fall, rise = found
    assert (fall.factor, fall.first_day.day) == (Decimal("0.666667"), 3)
    assert (rise.factor, rise.first_day.day) == (Decimal("1.111111"), 4)


def test_counts_no_day_without_trading_among_those_of_a_window() -> None:
    found = worst_moves(history("50", "50", "55", stale=frozenset({1})), window_days=1)
    assert found is not None
    assert found[1].factor == Decimal("1.100000")


def test_says_nothing_of_a_series_too_short() -> None:
    assert worst_moves(history("50", "51"), window_days=20) is None
    assert historical_scenarios(a_market(), history("50"), window_days=20) == ()


def test_moves_only_the_kind_that_moved() -> None:
    fall, _ = historical_scenarios(a_market(), history("50", "40"), window_days=1)
    moved = fall.markets({kind: a_market(kind) for kind in InstrumentKind})
    assert moved[InstrumentKind.CEA].price_factor == Decimal("0.8")
    assert moved[InstrumentKind.CCER].price_factor == 1
    assert "-20 %" in fall.description


def test_a_curve_grows_at_a_constant_rate_between_its_days() -> None:
    curve = (
        ForwardPoint(date(2025, 2, 1), Decimal(80)),
        ForwardPoint(date(2025, 4, 2), Decimal("96.8")),
    )
    market = a_market(spot=None, carry_rate=Decimal(0), forward_curve=curve)
    days = [date(2025, 1, 15), date(2025, 3, 3), date(2025, 6, 1)]
    assert market.forwards(days, start=DAY) == pytest.approx([80, 88, 96.8])


def test_holds_figures_against_the_limit_in_force() -> None:
    measured: Measured = {(Measure.VAR_99, None): Decimal(150)}
    assert LIMITS.uses(measured, day=date(2024, 6, 1))[0].limit == 100
    use = LIMITS.uses(measured, day=DAY)[0]
    assert (use.use, use.source) == (Decimal("0.75"), "minutes of January")


def test_alerts_near_a_limit_and_beyond_whatever_the_sign() -> None:
    measured = {
        (Measure.VAR_99, None): Decimal(170),
        (Measure.DELTA_TONNES, InstrumentKind.CEA): Decimal(-1_001),
        (Measure.DELTA_TONNES, InstrumentKind.CCER): Decimal(10**9),
    }
    uses = LIMITS.uses(measured, day=DAY)
    found = limit_findings(uses, valuation=NAME)
    assert [finding.reason for finding in found] == ["LIMIT_NEAR", "LIMIT_EXCEEDED"]
    assert "DELTA_TONNES CEA" in found[1].message


def test_every_limit_that_ships_names_its_source() -> None:
    limits = risk_limits().limits
    assert {limit.measure for limit in limits} == set(Measure)
    assert all(limit.source and limit.limit > 0 for limit in limits)


def test_the_demand_for_credits_is_a_part_of_what_is_due() -> None:
    some = demand_of(
        sale_tonnes=6_000, due_tonnes=Decimal(100_000), covers=offset_covers(), day=DAY
    )
    assert (some.use, some.findings) == (Decimal("1.2"), ())
    unseen = demand_of(sale_tonnes=6_000, due_tonnes=None, covers=offset_covers(), day=DAY)
    assert (unseen.use, unseen.findings) == (None, ())


def test_says_so_where_nobody_can_surrender_what_is_promised() -> None:
    none = demand_of(sale_tonnes=6_000, due_tonnes=Decimal(19), covers=offset_covers(), day=DAY)
    assert none.use is None
    assert [finding.reason for finding in none.findings] == ["DEMAND_CAP_EXCEEDED"]
    assert "6000 tonnes" in none.findings[0].message
    idle = demand_of(sale_tonnes=0, due_tonnes=Decimal(0), covers=offset_covers(), day=DAY)
    assert idle.findings == ()


def test_refuses_contracts_and_all_at_once_or_neither() -> None:
    named = (ContractName("contracts/a"),)
    for contracts, every in ((named, True), ((), False)):
        with pytest.raises(ValuationFormsMixed):
            check_asked(contracts=contracts, every=every, scenario=AskedScenario())


def test_names_every_figure_of_a_scenario_without_meaning() -> None:
    market = AskedMarket(kind=InstrumentKind.CEA, spot=Decimal(-1), volatility=Decimal(9))
    asked = AskedScenario(
        markets=(market, AskedMarket(kind=InstrumentKind.CEA)),
        correlation=Decimal("1.5"),
        path_count=10,
    )
    with pytest.raises(InvalidScenario) as caught:
        check_asked(contracts=(), every=True, scenario=asked)
    assert [violation.field for violation in caught.value.violations] == [
        "scenario.correlation",
        "scenario.path_count",
        "scenario.markets",
        "scenario.markets[0].spot",
        "scenario.markets[0].volatility",
    ]
