"""What each person is granted of a pool, and in which instalments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.incentives.domain.assignment import Assignment, check_assignments
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.pool_rules import PoolRules
from services.incentives.domain.split import Claim, split_pool
from services.kernel.explanation import Explanation, ExplanationStep
from services.kernel.money import Money, from_minor, split_units, sum_money, to_minor


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of an award, payable from a day on (None where the cycle is not known)."""

    number: int
    amount: Money
    payable_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One person's award: zero or above, with its instalments and why it is what it is."""

    assignment: Assignment
    weight: Decimal
    cap: Money | None
    amount: Money
    instalments: tuple[Instalment, ...]
    ineligible_reason: str
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Grants:
    """A pool split: ``awarded + unallocated == pool``."""

    pool: Money
    grants: tuple[Grant, ...]

    @property
    def awarded(self) -> Money:
        """The sum of all awards."""
        return sum_money(grant.amount for grant in self.grants)

    @property
    def unallocated(self) -> Money:
        """What nobody can take by the caps; it stays with the company."""
        return self.pool - self.awarded

    @property
    def award_count(self) -> int:
        """How many people have something."""
        return sum(1 for grant in self.grants if grant.amount.amount > 0)


def grant_pool(
    pool: Money,
    *,
    assignments: Sequence[Assignment],
    rules: PoolRules,
    cycle_months: int,
    cycle: Cycle | None,
) -> Grants:
    """Split a pool among people by the rules; by staff number, whatever the order given.

    Raises:
        InvalidAssignments: the people do not fit together, or break a limit.
    """
    check_assignments(assignments, rules=rules)
    people = sorted(assignments, key=lambda person: person.staff_id)
    claims = [
        Claim(p.staff_id, p.weight(rules), p.cap(rules, cycle_months=cycle_months), p.executive)
        for p in people
    ]
    limit = rules.executives_limit
    parts = split_pool(
        to_minor(pool), claims, executives_limit=None if limit is None else limit.fraction
    )
    pairs = zip(people, claims, strict=True)
    return Grants(pool, tuple(_grant(p, c, parts[c.name], rules, cycle) for p, c in pairs))


def _grant(
    person: Assignment, claim: Claim, fen: int, rules: PoolRules, cycle: Cycle | None
) -> Grant:
    amount = from_minor(fen)
    return Grant(
        assignment=person,
        weight=claim.weight,
        cap=None if claim.cap is None else from_minor(claim.cap),
        amount=amount,
        instalments=instalments_of(amount, weights=rules.deferral_weights, cycle=cycle),
        ineligible_reason=person.ineligible_reason(rules),
        explanation=_explanation(person, claim, amount, rules),
    )


def instalments_of(
    amount: Money, *, weights: Sequence[int], cycle: Cycle | None
) -> tuple[Instalment, ...]:
    """Split an award into yearly instalments; at once where there are no weights."""
    parts = split_units(to_minor(amount), weights or (1,))
    return tuple(
        Instalment(index + 1, from_minor(part), cycle.payable_date(index) if cycle else None)
        for index, part in enumerate(parts)
    )


def _explanation(person: Assignment, claim: Claim, amount: Money, rules: PoolRules) -> Explanation:
    reason = person.ineligible_reason(rules)
    if reason:
        return Explanation((ExplanationStep("takes no part", reason),))
    days = person.days_counted(rules)
    factors = f"{person.coefficient} x {person.individual_score} x {days}"
    steps = [ExplanationStep("weight", f"{factors} = {claim.weight}")]
    if claim.cap is not None and rules.person_cap is not None:
        cap = from_minor(claim.cap)
        words = f"{rules.person_cap} of the pay of the cycle = {cap.amount}"
        steps.append(ExplanationStep("cap", words, {"source": rules.person_cap.source}))
    if person.executive and rules.executives_limit is not None:
        words = f"executives together at most {rules.executives_limit} of what is paid"
        source = {"source": rules.executives_limit.source}
        steps.append(ExplanationStep("executives", words, source))
    steps.append(ExplanationStep("award", f"{amount.amount}"))
    return Explanation(tuple(steps))
