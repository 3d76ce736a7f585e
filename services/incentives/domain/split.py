"""A pool split by weight under caps, in whole fen.

The caps: each person's own, and the one of executives, who together have at most a part of what
is *paid*. What a cap cuts off goes to the others by weight, until nothing changes; what nobody
can take stays. The result does not depend on the order of people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from services.kernel.money import split_units


@dataclass(frozen=True, slots=True)
class Claim:
    """One person's claim: by name (ties go to the earlier one), weight, and cap in fen or None."""

    name: str
    weight: Decimal
    cap: int | None
    executive: bool


def split_pool(
    pool: int, claims: Sequence[Claim], *, executives_limit: Fraction | None = None
) -> Mapping[str, int]:
    """Split a pool in fen among claims; returns the fen of each name.

    The sum is at most the pool. Where executives would have more than their part of what is
    paid, they have that part, rounded down: ``E = floor(r x pool)`` while the others can take the
    rest, else ``E = floor(r / (1 - r) x others)``, so that ``E <= r x (E + others)``.
    """
    ordered = sorted(claims, key=lambda claim: claim.name)
    together = fill(pool, ordered)
    if executives_limit is None:
        return together
    executives = [claim for claim in ordered if claim.executive]
    others = [claim for claim in ordered if not claim.executive]
    above = sum(together[claim.name] for claim in executives)
    if above <= executives_limit * sum(together.values()):
        return together
    theirs, rest = _parts(pool, others, executives_limit)
    return {**fill(theirs, executives), **fill(rest, others)}


def fill(units: int, claims: Sequence[Claim]) -> dict[str, int]:
    """Hand out units by weight up to each cap; at most one round for each claim.

    In a round, who would reach the cap has the cap and steps out; the rest is split anew among
    the others. When nobody does, the largest remainders have the odd fen: a share below a whole
    cap stays within it when rounded up.
    """
    given = {claim.name: 0 for claim in claims}
    open_claims = [claim for claim in claims if claim.weight > 0 and claim.cap != 0]
    left = units
    for _ in range(len(claims)):
        capped = _reaching(left, open_claims)
        if not capped:
            break
        for claim, cap in capped:
            given[claim.name] = cap
            left -= cap
        names = {claim.name for claim, _ in capped}
        open_claims = [claim for claim in open_claims if claim.name not in names]
    if open_claims:
        parts = split_units(left, [claim.weight for claim in open_claims])
        given.update(zip((claim.name for claim in open_claims), parts, strict=True))
    return given


def _reaching(left: int, claims: Sequence[Claim]) -> list[tuple[Claim, int]]:
    whole = sum((Fraction(claim.weight) for claim in claims), Fraction(0))
    return [
        (claim, claim.cap)
        for claim in claims
        if claim.cap is not None and left * Fraction(claim.weight) >= claim.cap * whole
    ]


def _parts(pool: int, others: Sequence[Claim], limit: Fraction) -> tuple[int, int]:
    """Cut a pool into what executives and what the others have, where the limit binds."""
    theirs = int(limit * pool)
    rest = pool - theirs
    taken = sum(fill(rest, others).values())
    if taken == rest:
        return theirs, rest
    return int(limit / (1 - limit) * taken), taken
