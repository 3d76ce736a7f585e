"""What a month has to allocate: its trades made into portions, each to be split as one."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.kernel.money import split_units, to_minor
from services.settlement.domain.allocation import (
    NOTHING,
    BookedTrade,
    Bundle,
    Figures,
    Owner,
)
from services.settlement.domain.trade import Leg, Trade


@dataclass(frozen=True, slots=True)
class Portion:
    """What is split as one, its figures, and whose it is where it is named (else the pool)."""

    bundle: Bundle
    owner: Owner
    figures: Figures


def portions_of(trades: Iterable[BookedTrade]) -> tuple[list[Portion], list[Portion]]:
    """Make corrections of frozen tonnes, and portions of new ones, each in the order to split.

    By date; named trades before bundles; then by instrument code, side, tax basis and trade name.
    """
    corrections: dict[tuple[Bundle, Owner], Figures] = {}
    portions: dict[tuple[Bundle, Owner], Figures] = {}
    for booked in trades:
        corrected, new = _corrected_and_new(booked)
        for key in _keys(booked.trade):
            if corrected:
                corrections[key] = corrections.get(key, NOTHING) + corrected
            if new:
                portions[key] = portions.get(key, NOTHING) + new
    return _in_order(corrections), _in_order(portions)


def corrected_bundles(trades: Iterable[BookedTrade]) -> frozenset[Bundle]:
    """Name the bundles of which a closed month's allocation must be known."""
    corrected = (booked.trade for booked in trades if booked.frozen is not None)
    return frozenset(bundle for trade in corrected for bundle, _ in _keys(trade))


def versions_digest(trades: Iterable[Trade]) -> str:
    """Fingerprint versions: hex SHA-256 of ``name:version``, by name, joined by commas.

    A version never changes, so its name says all. The database computes the same by itself.
    """
    names = sorted(f"{trade.name}:{trade.version}" for trade in trades)
    return hashlib.sha256(",".join(names).encode()).hexdigest()


def figures_of(trade: Trade) -> Figures:
    """Take a trade's figures."""
    return Figures(trade.tonnes, to_minor(trade.amount), to_minor(trade.fees))


def _corrected_and_new(booked: BookedTrade) -> tuple[Figures, Figures]:
    """Cut a trade into what changes frozen tonnes and what adds tonnes.

    Added tonnes bring their part of the corrected amount; tonnes taken back and a corrected price
    change the frozen ones.
    """
    right = figures_of(booked.trade)
    if booked.frozen is None:
        return NOTHING, right
    frozen = figures_of(booked.frozen)
    added = right.tonnes - frozen.tonnes
    if added <= 0:
        return right - frozen, NOTHING
    weights = (frozen.tonnes, added)
    amount = split_units(right.amount_fen, weights)
    fees = split_units(right.fees_fen, weights)
    kept = Figures(frozen.tonnes, amount[0], fees[0])
    return kept - frozen, Figures(added, amount[1], fees[1])


def _keys(trade: Trade) -> Iterator[tuple[Bundle, Owner]]:
    for leg in trade.legs():
        yield _bundle(trade, leg), Owner(leg.contract, leg.customer)


def _bundle(trade: Trade, leg: Leg) -> Bundle:
    shared = trade.side is not None and leg.contract is None
    return Bundle(
        trade.trade_date,
        trade.instrument,
        leg.side,
        trade.tax_inclusive,
        None if shared else trade.name,
    )


def _in_order(figures: dict[tuple[Bundle, Owner], Figures]) -> list[Portion]:
    filled = [Portion(bundle, owner, sums) for (bundle, owner), sums in figures.items() if sums]
    return sorted(filled, key=_order)


def _order(portion: Portion) -> tuple[object, ...]:
    bundle = portion.bundle
    return (
        bundle.trade_date,
        bundle.trade is None,
        bundle.instrument.code,
        bundle.side.value,
        bundle.tax_inclusive,
        bundle.trade or "",
    )
