"""Savings and replays add up exactly, whatever the figures and their signs."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.kernel.money import money
from services.pricing.domain.management_modes import CheaperMode, SeasonPrices, compare_modes
from services.pricing.domain.management_plan import (
    CostAssumptions,
    ManagedPlant,
    ManagementPlan,
    Ways,
)

TONNES = st.integers(0, 10_000_000)
PRICE = st.decimals(Decimal("0.01"), Decimal(500), places=2)
PART = st.decimals(0, 1, places=3)
YUAN = st.decimals(0, 10**7, places=2).map(money)


def ways(figures: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Ways]:
    return st.builds(Ways, local=figures, unified=figures)


WHOLE = ways(TONNES.map(Decimal))
PLANTS = st.lists(
    st.builds(
        ManagedPlant,
        plant=st.just("a plant"),
        due_tonnes=TONNES,
        allocated_tonnes=TONNES,
        local_staff=PART,
        local_system_cost=YUAN,
        ccer=WHOLE,
        carry_over=WHOLE,
        expiring=WHOLE,
        failure=ways(PART),
    ),
    min_size=1,
    max_size=5,
)
COSTS = st.builds(
    CostAssumptions,
    local_wage=YUAN,
    central_staff=PART,
    central_wage=YUAN,
    platform_cost=YUAN,
    training_cost=YUAN,
    spread=PRICE,
    fee_per_tonne=PRICE,
    next_vintage_price=PRICE,
    expiry_haircut=PRICE,
    penalty_multiple=st.just(Decimal(7)),
)
PRICES = st.builds(SeasonPrices, even=PRICE, late=PRICE, last_month=PRICE, ccer=PRICE)


def decentralised(plan: ManagementPlan, prices: SeasonPrices) -> Decimal:
    """Add up plant by plant what it costs when each works for itself."""
    costs, total = plan.assumptions, Decimal(0)
    outside = costs.spread / 2 + costs.fee_per_tonne
    for plant in plan.plants:
        total += plant.local_staff * costs.local_wage.amount + plant.local_system_cost.amount
        total += plant.deficit * (prices.late + outside) - plant.surplus * (prices.late - outside)
        used = min(Decimal(int(costs.ccer_limit * plant.due_tonnes)), plant.ccer.local)
        total -= used * (prices.even - (prices.ccer or Decimal(0)))
        total -= plant.carry_over.local * (costs.next_vintage_price or Decimal(0))
        total += plant.expiring.local * costs.expiry_haircut
        failing = plant.failure.local * costs.penalty_multiple * prices.last_month
        total += failing * plant.deficit
    return total


@given(plants=PLANTS, costs=COSTS, prices=PRICES)
def test_the_six_savings_are_the_whole_difference(
    plants: list[ManagedPlant], costs: CostAssumptions, prices: SeasonPrices
) -> None:
    plan = ManagementPlan(plants=tuple(plants), assumptions=costs)
    compared = compare_modes(plan, prices=prices)
    exact = decentralised(plan, prices)
    assert abs(compared.decentralised_cost.amount - exact) <= Decimal("0.04")
    difference = compared.decentralised_cost - compared.unified_cost
    assert difference == compared.saving.total
    worse = difference.amount < 0
    assert worse == (compared.cheaper is CheaperMode.DECENTRALISED)
