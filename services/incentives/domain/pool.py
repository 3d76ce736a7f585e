"""How large a pool is: gate, result, excess by tiers, and the limit of the law, in this order."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from services.incentives.domain.pool_rules import PlanKind, PoolRules
from services.kernel.explanation import Explanation, ExplanationStep
from services.kernel.money import Money, from_minor, money, round_money, to_minor, zero


@dataclass(frozen=True, slots=True)
class PoolSize:
    """What may be split, and the excess it comes from; both zero or above."""

    excess: Money
    pool: Money
    explanation: Explanation


def size_pool(
    *,
    result: Money,
    target: Money,
    kind: PlanKind,
    rules: PoolRules,
    on_time_surrender: Decimal | None = None,
) -> PoolSize:
    """Compute what may be split.

    ``excess = max(0, result - target)``; ``pool = round(sum of share x band)``, at most the
    limit's part of the excess (or of the result after tax), rounded down. A surrender below 100 %
    makes it zero; None means that none was due.
    """
    excess = max(zero(), result - target)
    tiered = round_money(tiered_share(excess.amount, rules))
    most, most_words = _limit(kind, rules, result=result, excess=excess)
    missed = on_time_surrender is not None and on_time_surrender < 1
    pool = zero() if missed else min(tiered, most)
    steps = (
        ExplanationStep("gate", _gate_words(on_time_surrender)),
        ExplanationStep("excess", f"max(0, {result.amount} - {target.amount}) = {excess.amount}"),
        ExplanationStep("pool by tiers", f"{_tier_words(excess.amount, rules)} = {tiered.amount}"),
        ExplanationStep(
            "limit",
            f"{rules.pool_limit} x {most_words} = {most.amount}",
            _sources(kind, rules),
        ),
        ExplanationStep("pool", f"{pool.amount}"),
    )
    return PoolSize(excess, pool, Explanation(steps))


def tiered_share(excess: Decimal, rules: PoolRules) -> Decimal:
    """Add up each band's part; CNY, exact, not rounded."""
    return sum((band * share for band, share in _bands(excess, rules)), Decimal(0))


def _bands(excess: Decimal, rules: PoolRules) -> list[tuple[Decimal, Decimal]]:
    bands: list[tuple[Decimal, Decimal]] = []
    below = Decimal(0)
    for tier in rules.excess_tiers:
        upper = excess if tier.up_to is None else min(excess, tier.up_to.amount)
        if upper <= below:
            break
        bands.append((upper - below, tier.pool_share))
        below = upper
    return bands


def _limit(kind: PlanKind, rules: PoolRules, *, result: Money, excess: Money) -> tuple[Money, str]:
    """Give the most the pool may be, rounded down once, and of what it is a part."""
    if kind is PlanKind.EXCESS_PROFIT:
        base, kept, words = excess, Fraction(1), f"excess {excess.amount}"
    else:
        base = max(zero(), result)
        rate = rules.income_tax_rate
        kept = Fraction(1) if rate is None else 1 - rate.fraction
        taxed = "" if rate is None else f" x (1 - {rate})"
        words = f"profit after tax {base.amount}{taxed}"
    return from_minor(floor(rules.pool_limit.fraction * kept * to_minor(base))), words


def _sources(kind: PlanKind, rules: PoolRules) -> dict[str, str]:
    sources = {"source": rules.pool_limit.source}
    if kind is PlanKind.POST_DIVIDEND and rules.income_tax_rate is not None:
        sources["source of the tax rate"] = rules.income_tax_rate.source
    return sources


def _gate_words(on_time_surrender: Decimal | None) -> str:
    if on_time_surrender is None:
        return "no surrender was due in the cycle"
    if on_time_surrender < 1:
        return f"surrendered on time {on_time_surrender}, below 1: the pool is zero"
    return "everything was surrendered on time"


def _tier_words(excess: Decimal, rules: PoolRules) -> str:
    words = (f"{band} x {share}" for band, share in _bands(excess, rules))
    return " + ".join(words) or str(money(0).amount)
