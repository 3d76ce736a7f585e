"""Worked comparisons of both ways of working, from ``management_modes.yaml``."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.kernel.money import money
from services.pricing.domain.management_modes import (
    CheaperMode,
    ModesCompared,
    SeasonPrices,
    compare_modes,
)
from services.pricing.domain.management_plan import (
    CostAssumptions,
    ManagedPlant,
    ManagementPlan,
    Ways,
    check_plan,
)

SHEET = yaml.safe_load(Path(__file__).with_name("management_modes.yaml").read_text("utf-8"))
_WAYS = ("ccer", "carry_over", "expiring", "failure")


def prices(even: Decimal, late: Decimal, ccer: Decimal | None = None) -> SeasonPrices:
    return SeasonPrices(even=even, late=late, last_month=late, ccer=ccer)


def plant_of(row: Mapping[str, Any]) -> ManagedPlant:
    ways = {name: Ways(**{way: Decimal(x) for way, x in row[name].items()}) for name in _WAYS}
    return ManagedPlant(
        plant=row["plant"],
        due_tonnes=row["due_tonnes"],
        allocated_tonnes=row["allocated_tonnes"],
        local_staff=Decimal(row["local_staff"]),
        local_system_cost=money(row["local_system_cost"]),
        **ways,
    )


def costs_of(row: Mapping[str, str]) -> CostAssumptions:
    return CostAssumptions(
        local_wage=money(row["local_wage"]),
        central_staff=Decimal(row["central_staff"]),
        central_wage=money(row["central_wage"]),
        platform_cost=money(row["platform_cost"]),
        training_cost=money(row["training_cost"]),
        spread=Decimal(row["spread"]),
        fee_per_tonne=Decimal(row["fee_per_tonne"]),
        ccer_price=Decimal(row["ccer_price"]),
        next_vintage_price=Decimal(row["next_vintage_price"]),
        expiry_haircut=Decimal(row["expiry_haircut"]),
        penalty_multiple=Decimal(row["penalty_multiple"]),
    )


def season_of_two_plants() -> tuple[ModesCompared, Mapping[str, Any]]:
    sheet = SHEET["season_of_two_plants"]
    plan = ManagementPlan(
        plants=tuple(plant_of(row) for row in sheet["plants"]),
        assumptions=costs_of(sheet["assumptions"]),
    )
    check_plan(plan)
    means = [Decimal(mean) for mean in SHEET["monthly_means_of_2025"]["means"]]
    found = prices(sum(means, Decimal(0)) / 12, means[-1], plan.assumptions.ccer_price)
    return compare_modes(plan, prices=found), sheet


@pytest.mark.parametrize("season", SHEET["seasons"], ids=lambda season: str(season["season"]))
def test_waiting_for_the_last_month_cost_more_or_less(season: Mapping[str, str]) -> None:
    plan = ManagementPlan(plants=(ManagedPlant(plant="a", due_tonnes=1_000, allocated_tonnes=0),))
    compared = compare_modes(plan, prices=prices(Decimal(season["even"]), Decimal(season["late"])))
    timing = Decimal(season["timing_per_tonne"])
    assert compared.timing_per_tonne == timing
    assert compared.saving.total == money(1_000 * timing)
    worse = CheaperMode.DECENTRALISED if timing < 0 else CheaperMode.UNIFIED
    assert compared.cheaper is worse


@pytest.mark.parametrize(
    "term", ["labour", "netting", "timing", "ccer", "carry", "penalty", "total"]
)
def test_a_season_of_two_plants_saves_by_each_term(term: str) -> None:
    compared, sheet = season_of_two_plants()
    assert getattr(compared.saving, term) == money(sheet["saving"][term])


def test_a_season_of_two_plants_costs_so_much_either_way() -> None:
    compared, sheet = season_of_two_plants()
    assert compared.unified_cost == money(sheet["unified_cost"])
    assert compared.decentralised_cost == money(sheet["decentralised_cost"])
    assert compared.cheaper is CheaperMode.UNIFIED
    assert (compared.netted_tonnes, compared.external_tonnes) == (60_000, 40_000)
