"""Unified against decentralised management: what each costs, and where a difference comes from.

Both ways are charged by one model, with all signs free. On what is traded outside, whoever trades
pays half the spread and the fee: early or late, much or little. So the six savings add up to the
difference exactly:

    labour   posts, wages and systems of the plants, less those of the carbon company
    netting  M (h + 2 fee), M the tonnes that one plant lacks and another has
    timing   net external tonnes x (late price - even price)
    ccer     tonnes of credits used more x (even price - price of a credit)
    carry    tonnes carried over more x price of next year, less haircut x tonnes expiring more
    penalty  failures less likely x multiple x price of the last month x tonnes short
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.kernel.errors import FieldViolation
from services.kernel.explanation import Explanation, ExplanationStep
from services.kernel.money import Money, round_money, sum_money, zero
from services.pricing.domain.management_plan import (
    CostAssumptions,
    InvalidPlan,
    ManagedPlant,
    ManagementPlan,
)
from services.pricing.domain.rounding import to_six_places

MOST_YUAN = 10**15


class CheaperMode(StrEnum):
    """Which way of working costs less, to the fen."""

    UNIFIED = "UNIFIED"
    DECENTRALISED = "DECENTRALISED"
    EQUAL = "EQUAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonPrices:
    """What a season was traded at, CNY per tonne, exact.

    ``even``: the mean of its closes; ``late``: that of those who wait; ``last_month``: the mean of
    the month of the deadline, which penalties are by; ``ccer``: that of a credit, if any is used.
    """

    even: Decimal
    late: Decimal
    last_month: Decimal
    ccer: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What the unified way saves, by where it comes from; each rounded to the fen."""

    labour: Money
    netting: Money
    timing: Money
    ccer: Money
    carry: Money
    penalty: Money

    @property
    def total(self) -> Money:
        """The sum of the six."""
        return sum_money(
            (self.labour, self.netting, self.timing, self.ccer, self.carry, self.penalty)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModesCompared:
    """What both ways cost: ``decentralised - unified == saving.total``, to the fen."""

    unified_cost: Money
    saving: Saving
    netted_tonnes: int
    external_tonnes: int
    prices: SeasonPrices
    explanation: Explanation

    @property
    def decentralised_cost(self) -> Money:
        """What it costs when every plant works for itself."""
        return self.unified_cost + self.saving.total

    @property
    def cheaper(self) -> CheaperMode:
        """Which way costs less."""
        total = self.saving.total
        if total == zero():
            return CheaperMode.EQUAL
        return CheaperMode.UNIFIED if total > zero() else CheaperMode.DECENTRALISED

    @property
    def timing_per_tonne(self) -> Decimal:
        """Late less even price, six decimals; negative: to wait was cheaper."""
        return to_six_places(self.prices.late - self.prices.even)


def compare_modes(plan: ManagementPlan, *, prices: SeasonPrices) -> ModesCompared:
    """Compare both ways on the prices of a season; a checked plan.

    Raises:
        InvalidPlan: together its figures come to more than any group can cost.
    """
    sums = _Sums.of(plan, prices)
    saving = Saving(
        labour=round_money(sums.local_labour - sums.central_labour),
        netting=round_money(sums.netting),
        timing=round_money(sums.net * (prices.late - prices.even)),
        ccer=round_money(sums.ccer_more * sums.ccer_gain),
        carry=round_money(sums.carry_unified - sums.carry_local),
        penalty=round_money(sums.penalty_local - sums.penalty_unified),
    )
    compared = ModesCompared(
        unified_cost=round_money(sums.unified_cost(prices)),
        saving=saving,
        netted_tonnes=sums.netted,
        external_tonnes=sums.net,
        prices=prices,
        explanation=Explanation(tuple(_steps(plan, prices, sums, saving))),
    )
    _refuse_beyond_all_bounds(compared)
    return compared


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """Sums over plants; tonnes, and CNY exact."""

    deficit: int
    surplus: int
    outside_cost: Decimal
    local_labour: Decimal
    central_labour: Decimal
    netting: Decimal
    ccer_unified: Decimal
    ccer_more: Decimal
    ccer_gain: Decimal
    carry_local: Decimal
    carry_unified: Decimal
    penalty_local: Decimal
    penalty_unified: Decimal

    @classmethod
    def of(cls, plan: ManagementPlan, prices: SeasonPrices) -> "_Sums":
        costs, plants = plan.assumptions, plan.plants
        deficit, surplus = sum(p.deficit for p in plants), sum(p.surplus for p in plants)
        used = [plant.ccer_used(costs.ccer_limit) for plant in plants]
        failing = costs.penalty_multiple * prices.last_month
        posts = sum((plant.local_staff for plant in plants), Decimal(0))
        systems = sum((plant.local_system_cost.amount for plant in plants), Decimal(0))
        common = costs.platform_cost.amount + costs.training_cost.amount
        return cls(
            deficit=deficit,
            surplus=surplus,
            outside_cost=costs.spread / 2 + costs.fee_per_tonne,
            local_labour=posts * costs.local_wage.amount + systems,
            central_labour=costs.central_staff * costs.central_wage.amount + common,
            netting=min(deficit, surplus) * (costs.spread + 2 * costs.fee_per_tonne),
            ccer_unified=sum((each.unified for each in used), Decimal(0)),
            ccer_more=sum((each.more_unified for each in used), Decimal(0)),
            ccer_gain=Decimal(0) if prices.ccer is None else prices.even - prices.ccer,
            carry_local=_carried(
                [(plant.carry_over.local, plant.expiring.local) for plant in plants], costs
            ),
            carry_unified=_carried(
                [(plant.carry_over.unified, plant.expiring.unified) for plant in plants], costs
            ),
            penalty_local=failing * _expected_short(plants, [p.failure.local for p in plants]),
            penalty_unified=failing * _expected_short(plants, [p.failure.unified for p in plants]),
        )

    @property
    def netted(self) -> int:
        """Tonnes that one plant lacks and another has."""
        return min(self.deficit, self.surplus)

    @property
    def net(self) -> int:
        """Tonnes bought outside after netting; negative: sold."""
        return self.deficit - self.surplus

    def unified_cost(self, prices: SeasonPrices) -> Decimal:
        """Add up what the unified way costs, less what credits and carry-over bring."""
        trading = self.net * prices.even + abs(self.net) * self.outside_cost
        brings = self.ccer_unified * self.ccer_gain + self.carry_unified
        return self.central_labour + trading - brings + self.penalty_unified


def _refuse_beyond_all_bounds(compared: ModesCompared) -> None:
    saving = compared.saving
    parts = (saving.labour, saving.netting, saving.timing, saving.ccer, saving.carry)
    costs = (*parts, saving.penalty, compared.unified_cost, compared.decentralised_cost)
    if max(abs(cost.amount) for cost in costs) > MOST_YUAN:
        wrong = f"and assumptions come to more than CNY {MOST_YUAN:,}; one may be in a wrong unit"
        raise InvalidPlan(f"plants {wrong}", violations=(FieldViolation("plants", wrong),))


def _carried(tonnes: Sequence[tuple[Decimal, Decimal]], costs: CostAssumptions) -> Decimal:
    """Value what is carried over at next year's price, less the haircut on what expires."""
    price, haircut = costs.next_vintage_price or Decimal(0), costs.expiry_haircut
    return sum((carried * price - expiring * haircut for carried, expiring in tonnes), Decimal(0))


def _expected_short(plants: Sequence[ManagedPlant], chances: Sequence[Decimal]) -> Decimal:
    pairs = zip(plants, chances, strict=True)
    return sum((chance * plant.deficit for plant, chance in pairs), Decimal(0))


def _steps(
    plan: ManagementPlan, prices: SeasonPrices, sums: _Sums, saving: Saving
) -> Iterator[ExplanationStep]:
    costs, even, late = plan.assumptions, _price(prices.even), _price(prices.late)
    yield ExplanationStep(
        "positions",
        f"{len(plan.plants)} plants lack {sums.deficit:,} t and have {sums.surplus:,} t too many:"
        f" {sums.netted:,} t netted, {sums.net:,} t net outside",
    )
    labour = f"{sums.local_labour:,.2f} local − {sums.central_labour:,.2f} central"
    yield _step("labour", labour, saving.labour)
    per_tonne = f"(spread {costs.spread:f} + 2 × fee {costs.fee_per_tonne:f})"
    yield _step("netting", f"{sums.netted:,} t × {per_tonne}", saving.netting)
    timing = f"{sums.net:,} t × (late {late} − even {even} = {_price(prices.late - prices.even)})"
    yield _step("timing", timing, saving.timing)
    credit = "none" if prices.ccer is None else _price(prices.ccer)
    ccer = f"{sums.ccer_more:,f} t of credits more × (even {even} − credit {credit})"
    yield _step("ccer", ccer, saving.ccer)
    carry = f"{sums.carry_unified:,.2f} unified − {sums.carry_local:,.2f} local"
    yield _step("carry", carry, saving.carry)
    penalty = f"{sums.penalty_local:,.2f} local − {sums.penalty_unified:,.2f} unified, expected"
    yield _step("penalty", penalty, saving.penalty)
    verdict = "unified costs less" if saving.total > zero() else "unified costs more"
    yield _step(verdict if saving.total != zero() else "equal", "sum of the six", saving.total)


def _step(label: str, formula: str, result: Money) -> ExplanationStep:
    return ExplanationStep(label, f"{formula} = {result.amount:,.2f}")


def _price(price: Decimal) -> str:
    return f"{to_six_places(price):f}"
