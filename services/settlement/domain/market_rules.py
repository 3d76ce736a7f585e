"""The rules of the exchanges as dated data, and what in a trade breaks them.

The data with their sources are ``market_rules.csv`` and ``vat_rates.csv``, read at start-up by the
composition root. A source that says so was not verified: check it before relying on it.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from services.kernel.instrument import Instrument, InstrumentKind
from services.settlement.domain.remark import Remark
from services.settlement.domain.sourced_price import SourcedPrice
from services.settlement.domain.trade import TradeMode


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRule:
    """The bounds of one market from ``valid_from`` until the next rule of its kind.

    ``tick`` in CNY, sizes in tonnes, limits as a part of the previous trading day's close.
    """

    kind: InstrumentKind
    valid_from: date
    tick: Decimal
    listing_below_tonnes: int
    listing_limit: Decimal
    block_from_tonnes: int
    block_limit: Decimal
    source: str

    def price_limits(self, *, mode: TradeMode, previous_close: Decimal) -> tuple[Decimal, Decimal]:
        """Compute the lowest and highest price allowed, each rounded to the tick."""
        limit = self.block_limit if mode is TradeMode.BLOCK else self.listing_limit
        return (
            self.to_tick(previous_close * (1 - limit)),
            self.to_tick(previous_close * (1 + limit)),
        )

    def to_tick(self, price: Decimal) -> Decimal:
        """Round a price to the nearest tick, half up."""
        return (price / self.tick).quantize(Decimal(1), rounding=ROUND_HALF_UP) * self.tick


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRate:
    """The value-added tax on a sale of allowances or credits from a day on."""

    valid_from: date
    rate: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class MarketRules:
    """All rules of all markets, and the tax on what is traded."""

    rules: tuple[MarketRule, ...]
    vat_rates: tuple[VatRate, ...]

    def on(self, kind: InstrumentKind, day: date) -> MarketRule | None:
        """Find the rule in force on a day; None before the market opened."""
        past = [rule for rule in self.rules if rule.kind is kind and rule.valid_from <= day]
        return max(past, key=lambda rule: rule.valid_from, default=None)

    def vat_on(self, day: date) -> Decimal:
        """Find the tax rate of a day; before the first known day, the first known rate."""
        past = [rate for rate in self.vat_rates if rate.valid_from <= day]
        first = min(self.vat_rates, key=lambda rate: rate.valid_from)
        return max(past, key=lambda rate: rate.valid_from, default=first).rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the rules look at: one execution in the market."""

    mode: TradeMode
    instrument: Instrument
    trade_date: date
    tonnes: int
    unit_price: Decimal


def breaches(
    offer: Offer, *, rule: MarketRule | None, previous: SourcedPrice | None
) -> Iterator[Remark]:
    """Name every bound of its market that an execution breaks. An unknown close limits nothing.

    ``rule`` is the one in force on the day; None before the market opened.
    """
    if rule is None:
        wrong = f"{offer.instrument.kind} was not traded yet on {offer.trade_date}"
        yield Remark("trade_date", "MARKET_NOT_OPEN", wrong)
        return
    yield from _tick(offer, rule)
    yield from _size(offer, rule)
    if previous is not None:
        yield from _limit(offer, rule, previous)


def read_market_rules(rules: Iterable[str], vat_rates: Iterable[str]) -> MarketRules:
    """Read the lines of both data files; lines with # first are remarks."""
    return MarketRules(
        tuple(_rule(row) for row in _rows(rules)),
        tuple(
            VatRate(
                valid_from=date.fromisoformat(row["valid_from"]),
                rate=Decimal(row["rate"]),
                source=row["source"],
            )
            for row in _rows(vat_rates)
        ),
    )


def _rows(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def _rule(row: dict[str, str]) -> MarketRule:
    return MarketRule(
        kind=InstrumentKind(row["kind"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        tick=Decimal(row["tick"]),
        listing_below_tonnes=int(row["listing_below_tonnes"]),
        listing_limit=Decimal(row["listing_limit"]),
        block_from_tonnes=int(row["block_from_tonnes"]),
        block_limit=Decimal(row["block_limit"]),
        source=row["source"],
    )


def _tick(offer: Offer, rule: MarketRule) -> Iterator[Remark]:
    if offer.unit_price % rule.tick:
        wrong = (
            f"{offer.unit_price} is not a multiple of the tick of {rule.tick} CNY;"
            " round an average, and give its amount"
        )
        yield Remark("unit_price", "PRICE_OFF_TICK", wrong)


def _size(offer: Offer, rule: MarketRule) -> Iterator[Remark]:
    if offer.mode is TradeMode.LISTING and offer.tonnes >= rule.listing_below_tonnes:
        wrong = f"{offer.tonnes} t; a listed trade stays below {rule.listing_below_tonnes} t"
        yield Remark("tonnes", "LISTING_TOO_LARGE", wrong)
    if offer.mode is TradeMode.BLOCK and offer.tonnes < rule.block_from_tonnes:
        wrong = f"{offer.tonnes} t; a block trade has {rule.block_from_tonnes} t or more"
        yield Remark("tonnes", "BLOCK_TOO_SMALL", wrong)


def _limit(offer: Offer, rule: MarketRule, previous: SourcedPrice) -> Iterator[Remark]:
    if offer.mode not in {TradeMode.LISTING, TradeMode.BLOCK}:
        return
    low, high = rule.price_limits(mode=offer.mode, previous_close=previous.price)
    if not low <= offer.unit_price <= high:
        wrong = (
            f"{offer.unit_price} lies outside {low} to {high},"
            f" the limits after {previous.price}, {previous.source}"
        )
        yield Remark("unit_price", "PRICE_OUT_OF_LIMIT", wrong)
