"""The rules of the exchanges as dated data, and what in a trade breaks them.

Each rule says from when it applies and where it was read. ``source_verified`` is False where the
text of the rule was not at hand: check it before relying on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from services.kernel.instrument import Instrument, InstrumentKind
from services.settlement.domain.remark import Remark
from services.settlement.domain.trade import TradeMode


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRule:
    """The bounds of one market from ``valid_from`` to the day before ``valid_until``.

    ``tick`` in CNY, sizes in tonnes, limits as a part of the previous trading day's close.
    """

    kind: InstrumentKind
    valid_from: date
    valid_until: date | None
    tick: Decimal
    listing_below_tonnes: int
    listing_limit: Decimal
    block_from_tonnes: int
    block_limit: Decimal
    source: str
    source_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRate:
    """The value-added tax on a sale of allowances or credits."""

    valid_from: date
    rate: Decimal
    source: str
    source_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the rules look at: one execution in the market."""

    mode: TradeMode
    instrument: Instrument
    trade_date: date
    tonnes: int
    unit_price: Decimal


MARKET_RULES: tuple[MarketRule, ...] = (
    MarketRule(
        kind=InstrumentKind.CEA,
        valid_from=date(2021, 7, 16),
        valid_until=None,
        tick=Decimal("0.01"),
        listing_below_tonnes=100_000,
        listing_limit=Decimal("0.10"),
        block_from_tonnes=100_000,
        block_limit=Decimal("0.30"),
        source="上海环境能源交易所《关于全国碳排放权交易相关事项的公告》(2021-06-22)",
        source_verified=True,
    ),
    MarketRule(
        kind=InstrumentKind.CCER,
        valid_from=date(2017, 1, 1),
        valid_until=None,
        tick=Decimal("0.01"),
        listing_below_tonnes=100_000,
        listing_limit=Decimal("0.10"),
        block_from_tonnes=100_000,
        block_limit=Decimal("0.30"),
        source="taken over from the allowance market",
        source_verified=False,
    ),
)

VAT_RATES: tuple[VatRate, ...] = (
    VatRate(
        valid_from=date(2016, 5, 1),
        rate=Decimal("0.06"),
        source="财税〔2016〕36号, 其他权益性无形资产",
        source_verified=False,
    ),
)


def market_rule_on(kind: InstrumentKind, day: date) -> MarketRule | None:
    """Find the rule of a market on a day; None before the market opened."""
    for rule in MARKET_RULES:
        ended = rule.valid_until is not None and day >= rule.valid_until
        if rule.kind is kind and rule.valid_from <= day and not ended:
            return rule
    return None


def vat_rate_on(day: date) -> Decimal:
    """Find the tax rate that turns an amount without tax into one with it on a day."""
    valid = [rate for rate in VAT_RATES if rate.valid_from <= day]
    return valid[-1].rate if valid else VAT_RATES[0].rate


def breaches(offer: Offer, *, previous_close: Decimal | None) -> Iterator[Remark]:
    """Name every rule of its market that an execution breaks. An unknown close limits nothing."""
    rule = market_rule_on(offer.instrument.kind, offer.trade_date)
    if rule is None:
        wrong = f"{offer.instrument.kind} was not traded yet on {offer.trade_date}"
        yield Remark("trade_date", "MARKET_NOT_OPEN", wrong)
        return
    yield from _tick(offer, rule)
    yield from _size(offer, rule)
    if previous_close is not None:
        yield from _limit(offer, rule, previous_close)


def price_limits(
    rule: MarketRule, *, mode: TradeMode, previous_close: Decimal
) -> tuple[Decimal, Decimal]:
    """Compute the lowest and highest price allowed, each rounded to the tick."""
    limit = rule.block_limit if mode is TradeMode.BLOCK else rule.listing_limit
    return (
        to_tick(previous_close * (1 - limit), rule.tick),
        to_tick(previous_close * (1 + limit), rule.tick),
    )


def to_tick(price: Decimal, tick: Decimal) -> Decimal:
    """Round a price to the nearest tick, half up."""
    return (price / tick).quantize(Decimal(1), rounding=ROUND_HALF_UP) * tick


def _tick(offer: Offer, rule: MarketRule) -> Iterator[Remark]:
    if offer.unit_price % rule.tick:
        wrong = f"{offer.unit_price} is not a multiple of the tick of {rule.tick} CNY"
        yield Remark("unit_price", "PRICE_OFF_TICK", wrong)


def _size(offer: Offer, rule: MarketRule) -> Iterator[Remark]:
    if offer.mode is TradeMode.LISTING and offer.tonnes >= rule.listing_below_tonnes:
        wrong = f"{offer.tonnes} t; a listed trade stays below {rule.listing_below_tonnes} t"
        yield Remark("tonnes", "LISTING_TOO_LARGE", wrong)
    if offer.mode is TradeMode.BLOCK and offer.tonnes < rule.block_from_tonnes:
        wrong = f"{offer.tonnes} t; a block trade has {rule.block_from_tonnes} t or more"
        yield Remark("tonnes", "BLOCK_TOO_SMALL", wrong)


def _limit(offer: Offer, rule: MarketRule, previous_close: Decimal) -> Iterator[Remark]:
    if offer.mode not in {TradeMode.LISTING, TradeMode.BLOCK}:
        return
    low, high = price_limits(rule, mode=offer.mode, previous_close=previous_close)
    if not low <= offer.unit_price <= high:
        wrong = (
            f"{offer.unit_price} lies outside {low} to {high},"
            f" the limits after a close of {previous_close}"
        )
        yield Remark("unit_price", "PRICE_OUT_OF_LIMIT", wrong)
