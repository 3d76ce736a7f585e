"""A season of compliance in two ways of working: the plants, and what work and trading cost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.kernel.errors import FieldsExcludeEachOther, FieldViolation, InvalidInput
from services.kernel.identifiers import PriceSeriesName
from services.kernel.money import Money, zero

DEFAULT_CCER_LIMIT = Decimal("0.05")
"""Part of what is due that credits may cover; notice of the ministry on the first two seasons."""
MOST_PENALTY = Decimal(100)
HIGHEST_PRICE = Decimal(1_000_000)
MOST_STAFF = Decimal(1_000_000)
_NOTHING = Decimal(0)
_FREE = zero()


class InvalidPlan(InvalidInput):
    """A figure of the plan is out of bounds, or one that it needs is missing."""


class LateRule(StrEnum):
    """When plants that work for themselves trade: in the last month, or on the last days."""

    LAST_MONTH = "LAST_MONTH"
    LAST_DAYS = "LAST_DAYS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """One figure of a plant in both ways of working; tonnes, or a probability."""

    local: Decimal = _NOTHING
    unified: Decimal = _NOTHING

    @property
    def more_unified(self) -> Decimal:
        """By how much it is more when the carbon company works for the plant."""
        return self.unified - self.local


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedPlant:
    """One plant. ``carry_over`` may be carried into next year, ``expiring`` is lost."""

    plant: str
    due_tonnes: int
    allocated_tonnes: int
    local_staff: Decimal = _NOTHING
    local_system_cost: Money = _FREE
    ccer: Ways = Ways()
    carry_over: Ways = Ways()
    expiring: Ways = Ways()
    failure: Ways = Ways()

    @property
    def deficit(self) -> int:
        """Tonnes that it lacks."""
        return max(0, self.due_tonnes - self.allocated_tonnes)

    @property
    def surplus(self) -> int:
        """Tonnes that it has beyond what is due."""
        return max(0, self.allocated_tonnes - self.due_tonnes)

    def ccer_used(self, limit: Decimal) -> Ways:
        """The credits it surrenders in each way: at most ``floor(limit x due)``."""
        cap = Decimal(int(limit * self.due_tonnes))
        return Ways(local=min(cap, self.ccer.local), unified=min(cap, self.ccer.unified))


@dataclass(frozen=True, slots=True, kw_only=True)
class CostAssumptions:
    """What work and trading cost in the season; CNY, CNY per tonne, full-time posts.

    At most one of ``ccer_price`` and ``ccer_series`` says what a credit costs.
    """

    local_wage: Money = _FREE
    central_staff: Decimal = _NOTHING
    central_wage: Money = _FREE
    platform_cost: Money = _FREE
    training_cost: Money = _FREE
    spread: Decimal = _NOTHING
    fee_per_tonne: Decimal = _NOTHING
    ccer_price: Decimal | None = None
    ccer_series: PriceSeriesName | None = None
    ccer_limit: Decimal = DEFAULT_CCER_LIMIT
    next_vintage_price: Decimal | None = None
    expiry_haircut: Decimal = _NOTHING
    penalty_multiple: Decimal = _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementPlan:
    """The plants and costs of a season, and when plants trade that work for themselves."""

    plants: tuple[ManagedPlant, ...]
    assumptions: CostAssumptions = CostAssumptions()
    late_rule: LateRule = LateRule.LAST_MONTH
    late_days: int = 0


def check_plan(plan: ManagementPlan) -> None:
    """Refuse a plan that cannot be compared, naming every wrong field.

    Raises:
        InvalidPlan: a figure is out of bounds or missing.
        FieldsExcludeEachOther: the price of a credit is given twice.
    """
    costs = plan.assumptions
    if costs.ccer_price is not None and costs.ccer_series is not None:
        wrong = FieldViolation("assumptions.ccer_price", "and ccer_series: give one of them")
        raise FieldsExcludeEachOther(f"{wrong.field} {wrong.description}", violations=(wrong,))
    violations = (*_of_plants(plan.plants), *_of_costs(costs), *_missing(plan), *_late(plan))
    if violations:
        first = violations[0]
        raise InvalidPlan(f"{first.field} {first.description}", violations=violations)


def _of_plants(plants: Sequence[ManagedPlant]) -> Iterator[FieldViolation]:
    seen: set[str] = set()
    for index, plant in enumerate(plants):
        path = f"plants[{index}]"
        if plant.plant in seen:
            yield FieldViolation(f"{path}.plant", f"{plant.plant!r} is there already")
        seen.add(plant.plant)
        yield from _amount(f"{path}.local_system_cost", plant.local_system_cost)
        yield from _within(f"{path}.local_staff", plant.local_staff, MOST_STAFF)
        for way, chance in (("local", plant.failure.local), ("unified", plant.failure.unified)):
            yield from _within(f"{path}.{way}_failure_probability", chance, Decimal(1))


def _of_costs(costs: CostAssumptions) -> Iterator[FieldViolation]:
    for field in ("local_wage", "central_wage", "platform_cost", "training_cost"):
        yield from _amount(f"assumptions.{field}", getattr(costs, field))
    bounded = (
        ("central_staff", costs.central_staff, MOST_STAFF),
        ("spread", costs.spread, HIGHEST_PRICE),
        ("fee_per_tonne", costs.fee_per_tonne, HIGHEST_PRICE),
        ("ccer_price", costs.ccer_price or _NOTHING, HIGHEST_PRICE),
        ("ccer_limit", costs.ccer_limit, Decimal(1)),
        ("next_vintage_price", costs.next_vintage_price or _NOTHING, HIGHEST_PRICE),
        ("expiry_haircut_per_tonne", costs.expiry_haircut, HIGHEST_PRICE),
        ("penalty_multiple", costs.penalty_multiple, MOST_PENALTY),
    )
    for field, figure, most in bounded:
        yield from _within(f"assumptions.{field}", figure, most)


def _missing(plan: ManagementPlan) -> Iterator[FieldViolation]:
    """A price that is needed is never taken for zero."""
    costs = plan.assumptions
    unpriced = costs.ccer_price is None and costs.ccer_series is None
    if unpriced and any(plant.ccer != Ways() for plant in plan.plants):
        yield FieldViolation("assumptions.ccer_price", "is unset, and plants have credits")
    carried = any(plant.carry_over.more_unified for plant in plan.plants)
    if carried and costs.next_vintage_price is None:
        yield FieldViolation("assumptions.next_vintage_price", "is unset, and plants carry over")


def _late(plan: ManagementPlan) -> Iterator[FieldViolation]:
    if plan.late_rule is LateRule.LAST_DAYS and plan.late_days < 1:
        yield FieldViolation("late_days", f"is {plan.late_days}; {plan.late_rule} needs 1 or more")
    if plan.late_rule is LateRule.LAST_MONTH and plan.late_days:
        yield FieldViolation("late_days", f"is not used by {plan.late_rule}; leave it out")


def _amount(field: str, amount: Money) -> Iterator[FieldViolation]:
    if amount.currency.code != "CNY":
        yield FieldViolation(field, f"is in {amount.currency.code}; costs are in CNY")
    if amount.amount < 0:
        yield FieldViolation(field, f"is {amount.amount}; it must be 0 or above")


def _within(field: str, figure: Decimal, most: Decimal) -> Iterator[FieldViolation]:
    if not 0 <= figure <= most:
        yield FieldViolation(field, f"is {figure}; it must be 0 to {most}")
