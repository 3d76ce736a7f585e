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
    """Hand out units by weight up to each cap, in one pass over the claims.

    Who reaches a cap first is who has the lowest cap for a unit of weight: that one has the cap
    and steps out, and the rest is for the others. From the first that does not reach it nobody
    does; the largest remainders have the odd fen, since a share below a whole cap stays within
    it when rounded up.
    """
    given = {claim.name: 0 for claim in claims}
    sharing = {claim.name: Fraction(claim.weight) for claim in claims if claim.weight > 0}
    left, whole = units, sum(sharing.values(), Fraction(0))
    for claim, cap in _by_tightness(claims):
        if left * sharing[claim.name] < cap * whole:
            break
        given[claim.name] = cap
        left, whole = left - cap, whole - sharing.pop(claim.name)
    if sharing:
        weights = [claim.weight for claim in claims if claim.name in sharing]
        given.update(zip(sharing, split_units(left, weights), strict=True))
    return given


def _by_tightness(claims: Sequence[Claim]) -> list[tuple[Claim, int]]:
    """Sort the claims that have a cap by cap for a unit of weight, lowest first."""
    capped = [(c, c.cap) for c in claims if c.cap is not None and c.weight > 0]
    return sorted(capped, key=lambda pair: Fraction(pair[1]) / Fraction(pair[0].weight))


def _parts(pool: int, others: Sequence[Claim], limit: Fraction) -> tuple[int, int]:
    """Cut a pool into what executives and what the others have, where the limit binds."""
    theirs = int(limit * pool)
    rest = pool - theirs
    taken = sum(fill(rest, others).values())
    if taken == rest:
        return theirs, rest
    return int(limit / (1 - limit) * taken), taken
