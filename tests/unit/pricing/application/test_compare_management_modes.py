from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from services.kernel.errors import FieldsExcludeEachOther, InvalidInput
from services.kernel.identifiers import PriceSeriesName
from services.kernel.money import money
from services.kernel.period import Month, Period, year_period
from services.pricing.application.compare_management_modes import (
    CompareManagementModes,
    KnownComparison,
)
from services.pricing.application.ports import PointOrigin
from services.pricing.domain.average_price import PriceMissing
from services.pricing.domain.management_modes import CheaperMode
from services.pricing.domain.management_plan import (
    CostAssumptions,
    LateRule,
    ManagedPlant,
    ManagementPlan,
    Ways,
)
from services.pricing.domain.price_point import DayFigures
from tests.builders.pricing import CEA, calendar, figures, series
from tests.fakes.pricing import MemoryPricePoints, MemoryPriceSeries, SetClock, at_once

MEANS = (
    *("94.70", "91.36", "87.90", "80.87", "69.90", "71.51"),
    *("73.57", "71.12", "62.51", "53.94", "59.87", "63.27"),
)
SHORT = ManagedPlant(plant="short", due_tonnes=1_000, allocated_tonnes=0)


def compared(
    plan: ManagementPlan, *, window: Period | None = None, more: Sequence[DayFigures] = ()
) -> KnownComparison:
    catalogue, points, clock = MemoryPriceSeries(), MemoryPricePoints(), SetClock()
    catalogue.add(series())
    first_days = [calendar().trading_days(Month(2025, number).period)[0] for number in range(1, 13)]
    days = [figures(f"{day}", mean) for day, mean in zip(first_days, MEANS, strict=True)]
    points.add_versions(CEA, [*days, *more], origin=PointOrigin("published means", clock.now()))
    verb = CompareManagementModes(
        unit_of_work=at_once, series=catalogue, points=points, calendar=calendar(), clock=clock
    )
    return verb(series=CEA, window=window or year_period(2025), plan=plan)


def test_says_that_unified_was_worse_on_the_monthly_means_of_2025() -> None:
    known = compared(ManagementPlan(plants=(SHORT,)))
    found = known.compared
    assert round(found.prices.even, 4) == Decimal("73.3767")
    assert found.prices.late == Decimal("63.27")
    assert round(found.timing_per_tonne, 4) == Decimal("-10.1067")
    assert found.cheaper is CheaperMode.DECENTRALISED
    assert found.explanation.steps[-1].label == "unified costs more"
    assert (known.season.day_count, len(known.season.missing_dates)) == (12, 231)


def test_late_buyers_may_be_those_of_the_last_closes() -> None:
    plan = ManagementPlan(plants=(SHORT,), late_rule=LateRule.LAST_DAYS, late_days=2)
    assert compared(plan).compared.prices.late == Decimal("61.57")


def test_a_group_with_more_than_it_owes_sells() -> None:
    rich = ManagedPlant(plant="rich", due_tonnes=0, allocated_tonnes=1_000)
    found = compared(ManagementPlan(plants=(rich,))).compared
    assert (found.external_tonnes, found.netted_tonnes) == (-1_000, 0)
    assert found.saving.timing.amount == Decimal("10106.67")
    assert found.decentralised_cost.amount == Decimal("-63270.00")


def test_plants_that_balance_pay_spread_and_fees_only_apart() -> None:
    costs = CostAssumptions(spread=Decimal("0.60"), fee_per_tonne=Decimal("0.05"))
    rich = ManagedPlant(plant="rich", due_tonnes=0, allocated_tonnes=1_000)
    found = compared(ManagementPlan(plants=(SHORT, rich), assumptions=costs)).compared
    assert found.saving.total == found.saving.netting
    assert found.saving.netting.amount == Decimal("700.00")
    assert found.unified_cost.amount == 0


def test_late_buyers_pay_the_whole_last_month_also_where_the_season_began_within_it() -> None:
    season = Period(date(2025, 3, 4), date(2025, 3, 29))
    more = figures("2025-03-04", "89.10")  # beside 87.90 of the day before the season
    prices = compared(ManagementPlan(plants=(SHORT,)), window=season, more=(more,)).compared.prices
    assert (prices.even, prices.late) == (Decimal("89.10"), Decimal("88.50"))
    assert prices.last_month == prices.late


def test_never_takes_fewer_closes_than_asked_for_as_the_last() -> None:
    plan = ManagementPlan(plants=(SHORT,), late_rule=LateRule.LAST_DAYS, late_days=13)
    with pytest.raises(PriceMissing, match="has 12 closes in the window, and late_days asks"):
        compared(plan)


def test_refuses_figures_that_come_to_more_than_any_group_can_cost() -> None:
    rich = tuple(
        ManagedPlant(
            plant=f"p-{n}", due_tonnes=0, allocated_tonnes=0, local_staff=Decimal(1_000_000)
        )
        for n in range(2)
    )
    costs = CostAssumptions(local_wage=money("999999999999999"))
    with pytest.raises(InvalidInput, match="plants and assumptions come to more than CNY") as wrong:
        compared(ManagementPlan(plants=rich, assumptions=costs))
    assert [each.field for each in wrong.value.violations] == ["plants"]


def test_a_season_needs_prices_in_its_last_month() -> None:
    with pytest.raises(PriceMissing, match="no close in 2025-02 up to the deadline 2025-02-03"):
        compared(ManagementPlan(plants=(SHORT,)), window=Period(date(2025, 1, 1), date(2025, 2, 4)))


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (ManagementPlan(plants=(SHORT, SHORT)), "plants[1].plant"),
        (
            ManagementPlan(
                plants=(
                    ManagedPlant(
                        plant="a",
                        due_tonnes=1,
                        allocated_tonnes=0,
                        failure=Ways(local=Decimal(2)),
                    ),
                )
            ),
            "plants[0].local_failure_probability",
        ),
        (
            ManagementPlan(
                plants=(
                    ManagedPlant(
                        plant="a", due_tonnes=1, allocated_tonnes=0, ccer=Ways(unified=Decimal(5))
                    ),
                )
            ),
            "assumptions.ccer_price",
        ),
        (
            ManagementPlan(
                plants=(
                    ManagedPlant(
                        plant="a",
                        due_tonnes=1,
                        allocated_tonnes=0,
                        carry_over=Ways(unified=Decimal(5)),
                    ),
                )
            ),
            "assumptions.next_vintage_price",
        ),
        (
            ManagementPlan(plants=(SHORT,), assumptions=CostAssumptions(spread=Decimal(-1))),
            "assumptions.spread",
        ),
        (ManagementPlan(plants=(SHORT,), late_rule=LateRule.LAST_DAYS), "late_days"),
    ],
)
def test_names_the_figure_that_is_wrong(plan: ManagementPlan, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        compared(plan)
    assert [wrong.field for wrong in refused.value.violations] == [field]


def test_refuses_two_prices_of_a_credit() -> None:
    costs = CostAssumptions(ccer_price=Decimal(70), ccer_series=PriceSeriesName("priceSeries/ccer"))
    with pytest.raises(FieldsExcludeEachOther):
        compared(ManagementPlan(plants=(SHORT,), assumptions=costs))
