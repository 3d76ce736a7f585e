"""One person's part in a scheme: post, score, days, and whether they may take part at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from services.incentives.domain.cycle import MONTHS_OF_A_YEAR
from services.incentives.domain.pool_rules import PoolRules
from services.kernel.errors import FieldViolation, InvalidInput
from services.kernel.money import CNY, Money, to_minor


class InvalidAssignments(InvalidInput):
    """The people of a scheme contradict each other, or break a rule of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One person in one post. ``subject`` is who they are when they log in; it may be empty."""

    staff_id: str
    role: str
    coefficient: Decimal
    individual_score: Decimal
    days_in_post: int
    executive: bool = False
    annual_pay: Money | None = None
    subject: str = ""
    in_other_plan: bool = False

    def ineligible_reason(self, rules: PoolRules) -> str:
        """Say why the person takes no part; empty for who does."""
        if self.in_other_plan:
            return "takes part in another plan"
        if self.days_in_post < rules.minimum_days_in_post:
            return f"{self.days_in_post} days in post, of {rules.minimum_days_in_post} needed"
        return ""

    def weight(self, rules: PoolRules) -> Decimal:
        """Compute role coefficient x individual score x days in post; zero for no part."""
        if self.ineligible_reason(rules):
            return Decimal(0)
        return self.coefficient * self.individual_score * self.days_counted(rules)

    def days_counted(self, rules: PoolRules) -> int:
        """The days in post that a weight counts, where the scheme bounds them."""
        bound = rules.maximum_days_counted
        return min(self.days_in_post, bound) if bound else self.days_in_post

    def cap(self, rules: PoolRules, *, cycle_months: int) -> int | None:
        """The most fen the person may have: a part of the pay of the cycle. None: no limit."""
        if rules.person_cap is None or self.annual_pay is None:
            return None
        pay = Fraction(to_minor(self.annual_pay) * cycle_months, MONTHS_OF_A_YEAR)
        return int(pay * rules.person_cap.fraction)


def check_assignments(assignments: Sequence[Assignment], *, rules: PoolRules) -> None:
    """Refuse people who do not fit together or break a limit of the scheme.

    A person twice; a negative factor; unknown pay where a cap looks at it; pay that is not CNY;
    more people taking part than the law allows.

    Raises:
        InvalidAssignments: with every violation.
    """
    wrong = [*_each(assignments, rules), *_together(assignments, rules)]
    if wrong:
        message = f"{wrong[0].field}: {wrong[0].description}"
        raise InvalidAssignments(message, violations=tuple(wrong))


def _each(assignments: Sequence[Assignment], rules: PoolRules) -> list[FieldViolation]:
    wrong: list[FieldViolation] = []
    seen: set[str] = set()
    for index, person in enumerate(assignments):
        path = f"assignments[{index}]"
        if person.staff_id in seen:
            wrong.append(FieldViolation(f"{path}.staff_id", f"{person.staff_id} stands here twice"))
        seen.add(person.staff_id)
        if person.coefficient < 0:
            wrong.append(FieldViolation(f"{path}.coefficient", "is below zero"))
        if person.individual_score < 0:
            wrong.append(FieldViolation(f"{path}.individual_score", "is below zero"))
        wrong.extend(_pay(person, rules, f"{path}.annual_pay"))
    return wrong


def _pay(person: Assignment, rules: PoolRules, path: str) -> list[FieldViolation]:
    pay = person.annual_pay
    if pay is None:
        needed = rules.person_cap is not None
        return [FieldViolation(path, "is unset; person_cap needs it")] if needed else []
    if pay.currency != CNY or pay.amount < 0:
        return [
            FieldViolation(
                path, f"{pay.amount} {pay.currency.code} is not an amount of CNY, zero or above"
            )
        ]
    return []


def _together(assignments: Sequence[Assignment], rules: PoolRules) -> list[FieldViolation]:
    most = rules.most_participants
    count = sum(1 for person in assignments if not person.ineligible_reason(rules))
    if most is None or count <= most:
        return []
    text = f"{count} people take part; {rules.participants_limit} of {rules.staff_count} is {most}"
    return [FieldViolation("assignments", text)]
