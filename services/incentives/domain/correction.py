"""Corrections of earlier cycles: what was granted, against what today's books would grant.

Like everything cumulative here: a line is the pool by today's figures, less what was granted and
what later lines moved already. So the same correction never counts twice, and what could not be
taken off an empty pool is taken off the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.kernel.identifiers import RunName
from services.kernel.money import Money, zero


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionLine:
    """One earlier run. ``amount`` is added to the pool of the run that has the line."""

    run: RunName
    frozen_result: Money
    current_result: Money
    granted_pool: Money
    current_pool: Money
    amount: Money


def correction_line(
    *,
    run: RunName,
    frozen_result: Money,
    current_result: Money,
    granted_pool: Money,
    current_pool: Money,
) -> CorrectionLine | None:
    """Compare an earlier run with today's figures; None where nothing moved."""
    amount = current_pool - granted_pool
    if amount == zero() and frozen_result == current_result:
        return None
    return CorrectionLine(
        run=run,
        frozen_result=frozen_result,
        current_result=current_result,
        granted_pool=granted_pool,
        current_pool=current_pool,
        amount=amount,
    )


def apply_corrections(
    pool: Money, lines: Sequence[CorrectionLine]
) -> tuple[Money, tuple[CorrectionLine, ...]]:
    """Add lines to a pool, top-ups first; claw-backs take what is there and never more."""
    left = pool
    applied: dict[RunName, CorrectionLine] = {}
    for line in sorted(lines, key=lambda line: (line.amount < zero(), line.run)):
        amount = max(line.amount, -left)
        left = left + amount
        applied[line.run] = replace(line, amount=amount)
    return left, tuple(applied[run] for run in sorted(applied))
