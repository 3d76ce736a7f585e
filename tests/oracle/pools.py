"""An incentive pool, worked out again: size, who takes part, caps, odd fen, instalments.

An oracle, apart from the product: exact fractions; a level of water found by trying the caps one
by one instead of by iterating the product's rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from tests.oracle.rounding import half_away


@dataclass(frozen=True, slots=True)
class Person:
    """One person: weight, the most they may have in fen (none: no limit), executive or not."""

    staff_id: str
    weight: Fraction
    cap: int | None = None
    executive: bool = False


def excess_part(excess: int, tiers: Sequence[tuple[int | None, Fraction]]) -> Fraction:
    """Give the part of an excess that graduated tiers put into the pool, exactly, in fen."""
    below, total = 0, Fraction(0)
    for end, part in tiers:
        top = excess if end is None else min(excess, end)
        total += part * max(0, top - below)
        below = end if end is not None else below
    return total


def pool_size(excess: int, tiers: Sequence[tuple[int | None, Fraction]], most: Fraction) -> int:
    """Give the pool in fen: what the tiers give, at most a part of the excess rounded down."""
    return min(half_away(excess_part(excess, tiers)), floor(most * excess))


def fill(amount: int, people: Sequence[Person]) -> list[int]:
    """Split an amount by weight under caps; what nobody can take is left out."""
    takers = [person for person in people if person.weight > 0]
    level = _level(amount, takers)
    parts = {person.staff_id: 0 for person in people}
    if level is None:
        parts.update({person.staff_id: person.cap or 0 for person in takers})
        return [parts[person.staff_id] for person in people]
    exact = {person.staff_id: person.weight * level for person in takers}
    full = {p.staff_id for p in takers if p.cap is not None and exact[p.staff_id] >= p.cap}
    for person in takers:
        whole = person.cap if person.staff_id in full else floor(exact[person.staff_id])
        parts[person.staff_id] = whole or 0
    rest = sorted(set(exact) - full, key=lambda name: (parts[name] - exact[name], name))
    for name in rest[: amount - sum(parts.values())]:
        parts[name] += 1
    return [parts[person.staff_id] for person in people]


def _level(amount: int, takers: Sequence[Person]) -> Fraction | None:
    """Find the amount per weight at which everybody has their part; none if all are full."""
    ranked = sorted(
        (Fraction(each.cap) / each.weight, each.cap, each.weight)
        for each in takers
        if each.cap is not None
    )
    open_weight = sum((each.weight for each in takers), Fraction(0))
    left = Fraction(amount)
    for reached, cap, weight in ranked:
        if left <= open_weight * reached:
            break
        left -= cap
        open_weight -= weight
    return left / open_weight if open_weight > 0 else None


def award(amount: int, people: Sequence[Person], executives_at_most: Fraction | None) -> list[int]:
    """Split a pool; executives together have at most a part of what is paid to everybody."""
    parts = fill(amount, people)
    top = sum(part for part, each in zip(parts, people, strict=True) if each.executive)
    if executives_at_most is None or top <= executives_at_most * sum(parts):
        return parts
    others = [each for each in people if not each.executive]
    bosses = [each for each in people if each.executive]
    for_bosses = floor(executives_at_most * amount)
    theirs = fill(amount - for_bosses, others)
    if sum(theirs) < amount - for_bosses:
        for_bosses = floor(executives_at_most / (1 - executives_at_most) * sum(theirs))
    found = dict(zip((each.staff_id for each in others), theirs, strict=True))
    found.update(zip((each.staff_id for each in bosses), fill(for_bosses, bosses), strict=True))
    return [found[each.staff_id] for each in people]
