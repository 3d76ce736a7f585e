"""PreviewPool: compute a pool and its awards from figures that are handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.incentives.domain.assignment import Assignment
from services.incentives.domain.award import Grants, grant_pool
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.pool import PoolSize, size_pool
from services.incentives.domain.pool_rules import PlanKind, PoolRules
from services.kernel.errors import FieldViolation, InvalidInput
from services.kernel.money import CNY, Money
from services.kernel.period import Month


class InvalidPoolQuestion(InvalidInput):
    """A figure of the pool is not one that it could be computed from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolQuestion:
    """What a pool is computed from; ``last_month`` dates the instalments, None leaves them open."""

    result: Money
    target: Money
    kind: PlanKind
    rules: PoolRules
    assignments: Sequence[Assignment]
    on_time_surrender: Decimal | None
    cycle_months: int
    last_month: Month | None

    def __post_init__(self) -> None:
        """Refuse figures in another currency than the books have, and a rate that is none."""
        wrong = [
            FieldViolation(field, f"is in {amount.currency.code}; pools are in CNY")
            for field, amount in (("result", self.result), ("target", self.target))
            if amount.currency != CNY
        ]
        rate = self.on_time_surrender
        if rate is not None and not 0 <= rate <= 1:
            wrong.append(FieldViolation("on_time_surrender", f"{rate} is not a part from 0 to 1"))
        if wrong:
            message = f"{wrong[0].field}: {wrong[0].description}"
            raise InvalidPoolQuestion(message, violations=tuple(wrong))


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPool:
    """Sizes and splits a pool by the rules of a run; reads and writes nothing."""

    def __call__(self, *, question: PoolQuestion) -> tuple[PoolSize, Grants]:
        """Compute both.

        Raises:
            InvalidAssignments.
        """
        size = size_pool(
            result=question.result,
            target=question.target,
            kind=question.kind,
            rules=question.rules,
            on_time_surrender=question.on_time_surrender,
        )
        last = question.last_month
        grants = grant_pool(
            size.pool,
            assignments=question.assignments,
            rules=question.rules,
            cycle_months=question.cycle_months,
            cycle=None if last is None else Cycle(last, 1),
        )
        return size, grants
