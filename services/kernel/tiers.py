"""Bands of tonnes with a unit price: the shape of a fee schedule.

The charge itself is pricing's rule; the words are everyone's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.kernel.errors import FieldViolation, InvalidInput
from services.kernel.money import Money


class ChargeModel(StrEnum):
    """How tiers are read: one tier, each tonne at its own, or all at the tier of the total."""

    FLAT = "FLAT"
    GRADUATED = "GRADUATED"
    VOLUME = "VOLUME"


class TiersDoNotTile(InvalidInput):
    """The tiers leave a gap, overlap, are out of order, or do not reach to no end."""

    reason = "TIERS_DO_NOT_TILE"


class InvalidTier(InvalidInput):
    """A unit price or a flat amount is below zero."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A band up to and including ``up_to`` tonnes (None: no end), at a price per tonne.

    ``flat_amount`` is added once when the band is entered (GRADUATED) or fallen in (VOLUME).
    """

    up_to: Decimal | None
    unit_price: Decimal
    flat_amount: Money | None = None


def check_tiling(bounds: Sequence[Decimal | None], *, field: str, word: str) -> None:
    """Refuse upper bounds that do not rise from above zero to no end.

    Raises:
        TiersDoNotTile: with one violation per wrong bound.
    """
    violations = tuple(_violations(bounds, field, word))
    if violations:
        first = violations[0]
        raise TiersDoNotTile(f"{first.field}: {first.description}", violations=violations)


def check_tiers(tiers: Sequence[Tier], *, model: ChargeModel, field: str = "tiers") -> None:
    """Refuse tiers that a fee cannot be charged by: prices below zero, gaps, more than one FLAT.

    Raises:
        InvalidTier: a unit price or flat amount is below zero.
        TiersDoNotTile: the bounds do not rise to no end, or FLAT has not exactly one tier.
    """
    negative = tuple(_negative_prices(tiers, field))
    if negative:
        first = negative[0]
        raise InvalidTier(f"{first.field}: {first.description}", violations=negative)
    check_tiling([tier.up_to for tier in tiers], field=field, word="up_to")
    if model is ChargeModel.FLAT and len(tiers) > 1:
        wrong = f"has {len(tiers)} tiers; FLAT has exactly one, for all tonnes"
        raise TiersDoNotTile(f"{field}: {wrong}", violations=(FieldViolation(field, wrong),))


def _negative_prices(tiers: Sequence[Tier], field: str) -> list[FieldViolation]:
    wrong: list[FieldViolation] = []
    for index, tier in enumerate(tiers):
        path = f"{field}[{index}]"
        if tier.unit_price < 0:
            text = f"is {tier.unit_price}; a price is zero or above"
            wrong.append(FieldViolation(f"{path}.unit_price", text))
        if _flat(tier) < 0:
            wrong.append(FieldViolation(f"{path}.flat_amount", f"is {_flat(tier)}; zero or above"))
    return wrong


def _violations(bounds: Sequence[Decimal | None], field: str, word: str) -> list[FieldViolation]:
    if not bounds:
        return [FieldViolation(field, "is empty; give at least one tier, the last without an end")]
    wrong: list[FieldViolation] = []
    below = Decimal(0)
    for index, bound in enumerate(bounds):
        path, last = f"{field}[{index}].{word}", index == len(bounds) - 1
        if bound is None and not last:
            wrong.append(FieldViolation(path, "is unset; only the last tier has no end"))
        elif bound is not None and last:
            wrong.append(FieldViolation(path, f"is {bound}; leave the last tier without an end"))
        elif bound is not None and bound <= below:
            wrong.append(FieldViolation(path, f"is {bound}; it must be above {below}"))
        below = below if bound is None else bound
    return wrong


def charge(scale: Decimal, *, model: ChargeModel, tiers: Sequence[Tier]) -> Decimal:
    """Charge a scale in tonnes by tiers that tile; CNY, exact, not rounded.

    Nothing is charged for zero tonnes. A fraction between two bounds belongs to the upper tier.
    """
    if scale == 0:
        return Decimal(0)
    if model is ChargeModel.GRADUATED:
        return sum((part for _, _, part in graduated_parts(scale, tiers)), Decimal(0))
    tier = tier_of(scale, tiers)
    return scale * tier.unit_price + _flat(tier)


def graduated_parts(
    scale: Decimal, tiers: Sequence[Tier]
) -> tuple[tuple[Tier, Decimal, Decimal], ...]:
    """Cut a scale into the tiers entered: (tier, tonnes in it, CNY for it with its flat amount)."""
    parts: list[tuple[Tier, Decimal, Decimal]] = []
    below = Decimal(0)
    for tier in tiers:
        if scale <= below:
            break
        upper = scale if tier.up_to is None else min(scale, tier.up_to)
        tonnes = upper - below
        parts.append((tier, tonnes, tonnes * tier.unit_price + _flat(tier)))
        below = upper
    return tuple(parts)


def tier_of(scale: Decimal, tiers: Sequence[Tier]) -> Tier:
    """Find the tier that a total falls in; bounds are inclusive."""
    return next(tier for tier in tiers if tier.up_to is None or scale <= tier.up_to)


def _flat(tier: Tier) -> Decimal:
    return Decimal(0) if tier.flat_amount is None else tier.flat_amount.amount
