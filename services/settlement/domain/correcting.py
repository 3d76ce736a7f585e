"""Corrections of what closed months allocated: by how much each owner's part of a bundle moves.

Tonnes are taken back by what the owners have left of them. Money is split anew: what the bundle
comes to now, by the tonnes that remain, less what each owner has. So however many corrections a
trade sees, every owner ends with its part of the right figures, and of a cancelled trade with
nothing. What came late was given apart, and is corrected apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.kernel.money import split_units
from services.kernel.period import Month
from services.settlement.domain.allocation import NOTHING, Allocation, Bundle, Figures, Owner
from services.settlement.domain.allocation_inputs import Portion

Parts = Mapping[Owner, Figures]


@dataclass(frozen=True, slots=True)
class CorrectedPart:
    """By how much an owner's part moves; what it had, in the trades' tax basis and in its own."""

    owner: Owner
    figures: Figures
    had: Figures
    had_in_own_basis: Figures


def correct_bundle(
    portions: Sequence[Portion], frozen: Sequence[Allocation]
) -> list[CorrectedPart]:
    """Split the corrections of one bundle over those whom closed months gave it, the pool last."""
    had = _sum(frozen)
    own = _sum(frozen, in_own_basis=True)
    moved: dict[Owner, Figures] = {}
    for part in _moves(portions, frozen, had):
        for owner, figures in part.items():
            moved[owner] = moved.get(owner, NOTHING) + figures
    return [
        CorrectedPart(owner, moved[owner], had.get(owner, NOTHING), own.get(owner, NOTHING))
        for owner in sorted(moved, key=lambda owner: owner.order)
        if moved[owner]
    ]


def by_bundle(portions: Iterable[Portion]) -> Mapping[Bundle, list[Portion]]:
    """Put the corrections of each bundle together, in their order."""
    grouped: dict[Bundle, list[Portion]] = {}
    for portion in portions:
        grouped.setdefault(portion.bundle, []).append(portion)
    return grouped


def _moves(
    portions: Sequence[Portion], frozen: Sequence[Allocation], had: Parts
) -> Iterable[Parts]:
    change = _total(portion.figures for portion in portions)
    if _total(had.values()).tonnes + change.tonnes == 0:
        yield _brought_to(had, change, given=_sum(frozen), otherwise=portions[0].owner)
        return
    for portion in portions:
        yield _moved(portion, frozen, had)


def _moved(portion: Portion, frozen: Sequence[Allocation], had: Parts) -> Parts:
    """Move the parts of the months that gave the tonnes.

    Once others of the bundle came late and a correction followed, nobody can tell whose it was.
    Then the correction itself is split, by what was given and is left.
    """
    given = _sum(part for part in frozen if _is_given(part, portion.frozen_in))
    late = {part.booking_month for part in frozen if not part.is_correction} - portion.frozen_in
    corrections = [
        part
        for part in frozen
        if part.is_correction and any(month < part.booking_month for month in portion.frozen_in)
    ]
    if any(month < part.booking_month for part in corrections for month in late):
        left = {o: min(part.tonnes, had[o].tonnes) for o, part in given.items()}
        return _split(portion.figures, left, otherwise=portion.owner)
    whole = [part for part in frozen if _is_given(part, portion.frozen_in)] + corrections
    return _brought_to(_sum(whole), portion.figures, given=given, otherwise=portion.owner)


def _brought_to(had: Parts, change: Figures, *, given: Parts, otherwise: Owner) -> Parts:
    """Say what moves each part to its share of the new whole.

    Where no tonnes are left, fees that are follow the tonnes that were given.
    """
    left = {owner: part.tonnes for owner, part in had.items()}
    for owner, part in _split(Figures(change.tonnes, 0, 0), left, otherwise=otherwise).items():
        left[owner] = left.get(owner, 0) + part.tonnes
    weights = left if any(left.values()) else {o: part.tonnes for o, part in given.items()}
    whole = _total(had.values()) + change
    money = _split(Figures(0, whole.amount_fen, whole.fees_fen), weights, otherwise=otherwise)
    owners = {*had, *left, *money}
    return {
        owner: Figures(left.get(owner, 0), 0, 0)
        + money.get(owner, NOTHING)
        - had.get(owner, NOTHING)
        for owner in owners
    }


def _split(figures: Figures, weights: Mapping[Owner, int], *, otherwise: Owner) -> Parts:
    """Split by weights in the order of owners; all of it is one owner's where there are none."""
    owners = sorted(weights, key=lambda owner: owner.order)
    counted = [max(0, weights[owner]) for owner in owners]
    if not any(counted):
        return {otherwise: figures} if figures else {}
    columns = (
        split_units(value, counted)
        for value in (figures.tonnes, figures.amount_fen, figures.fees_fen)
    )
    return {o: Figures(*part) for o, *part in zip(owners, *columns, strict=True)}


def _is_given(part: Allocation, months: frozenset[Month]) -> bool:
    return not part.is_correction and part.booking_month in months


def _sum(parts: Iterable[Allocation], *, in_own_basis: bool = False) -> dict[Owner, Figures]:
    sums: dict[Owner, Figures] = {}
    for part in parts:
        figures = part.contract_figures if in_own_basis else part.figures
        sums[part.owner] = sums.get(part.owner, NOTHING) + figures
    return sums


def _total(figures: Iterable[Figures]) -> Figures:
    return sum(figures, NOTHING)
