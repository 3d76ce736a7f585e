"""What a month has to allocate: its trades made into portions, each to be split as one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from services.kernel.money import split_units
from services.kernel.period import Month
from services.settlement.domain.allocation import (
    NOTHING,
    BookedTrade,
    BookedVersion,
    Bundle,
    Figures,
    Owner,
)
from services.settlement.domain.trade import Leg


@dataclass(frozen=True, slots=True)
class Portion:
    """What is split as one, its figures, and whose it is where it is named (else the pool).

    A correction names the closed months whose shares it changes.
    """

    bundle: Bundle
    owner: Owner
    figures: Figures
    frozen_in: frozenset[Month] = frozenset()


def portions_of(trades: Iterable[BookedTrade]) -> tuple[list[Portion], list[Portion]]:
    """Make corrections of frozen tonnes, and portions of new ones, each in the order to split.

    By date; named trades before bundles; then by instrument code, side, tax basis and trade name.
    """
    corrections: list[Portion] = []
    portions: list[Portion] = []
    for booked in trades:
        corrected, new = _corrected_and_new(booked)
        for bundle, owner in _keys(booked.trade):
            if corrected:
                corrections.append(Portion(bundle, owner, corrected, booked.frozen_in))
            if new:
                portions.append(Portion(bundle, owner, new))
    return _in_order(_joined(corrections)), _in_order(_joined(portions))


def corrected_bundles(trades: Iterable[BookedTrade]) -> frozenset[Bundle]:
    """Name the bundles of which a closed month's allocation must be known."""
    corrected = (booked.trade for booked in trades if booked.frozen is not None)
    return frozenset(bundle for trade in corrected for bundle, _ in _keys(trade))


def _corrected_and_new(booked: BookedTrade) -> tuple[Figures, Figures]:
    """Cut a trade into what changes frozen tonnes and what adds tonnes.

    Added tonnes bring their part of the corrected amount; tonnes taken back and a corrected price
    change the frozen ones.
    """
    right = booked.trade.figures
    if booked.frozen is None:
        return NOTHING, right
    frozen = booked.frozen.figures
    added = right.tonnes - frozen.tonnes
    if added <= 0:
        return right - frozen, NOTHING
    weights = (frozen.tonnes, added)
    amount = split_units(right.amount_fen, weights)
    fees = split_units(right.fees_fen, weights)
    kept = Figures(frozen.tonnes, amount[0], fees[0])
    return kept - frozen, Figures(added, amount[1], fees[1])


def _keys(trade: BookedVersion) -> Iterator[tuple[Bundle, Owner]]:
    for leg in trade.legs:
        yield _bundle(trade, leg), Owner(leg.contract, leg.customer)


def _bundle(trade: BookedVersion, leg: Leg) -> Bundle:
    shared = trade.side is not None and leg.contract is None
    return Bundle(
        trade.trade_date,
        trade.instrument,
        leg.side,
        trade.tax_inclusive,
        None if shared else trade.name,
    )


def _joined(portions: Iterable[Portion]) -> Iterator[Portion]:
    """Join what is split as one: of a bundle and owner, and of months that overlap."""
    apart: dict[tuple[Bundle, Owner], list[Portion]] = {}
    for portion in portions:
        others = apart.setdefault((portion.bundle, portion.owner), [])
        touching = [each for each in others if _overlap(each.frozen_in, portion.frozen_in)]
        for each in touching:
            others.remove(each)
        others.append(_one(portion, touching) if touching else portion)
    for others in apart.values():
        yield from others


def _one(portion: Portion, others: Sequence[Portion]) -> Portion:
    figures = sum((each.figures for each in others), portion.figures)
    months = portion.frozen_in.union(*(each.frozen_in for each in others))
    return replace(portion, figures=figures, frozen_in=months)


def _overlap(one: frozenset[Month], other: frozenset[Month]) -> bool:
    return one == other or not one.isdisjoint(other)


def _in_order(portions: Iterable[Portion]) -> list[Portion]:
    return sorted((portion for portion in portions if portion.figures), key=_order)


def _order(portion: Portion) -> tuple[object, ...]:
    bundle = portion.bundle
    return (
        bundle.trade_date,
        bundle.trade is None,
        bundle.instrument.code,
        bundle.side.value,
        bundle.tax_inclusive,
        bundle.trade or "",
        sorted(portion.frozen_in),
    )
