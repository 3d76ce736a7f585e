"""What a reported trade must satisfy in itself, before any contract is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.kernel.money import Money
from services.settlement.domain.internal_transfer import transfer_breaches
from services.settlement.domain.market_rules import MarketRule, Offer, breaches
from services.settlement.domain.remark import Remark
from services.settlement.domain.sourced_price import SourcedPrice
from services.settlement.domain.trade import TradeDraft, TradeMode, amount_of

MOST_TONNES = 10_000_000_000
HIGHEST_PRICE = Decimal(1_000_000)
MOST_AMOUNT = Decimal(10**13)
"""CNY. More is a mistake in a price or in tonnes, and a month of such trades fits in no books."""
PRICE_DECIMALS = 6
_HALF_A_TICK = Decimal("0.005")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketDay:
    """What pricing knows of an instrument on a day. A price that is not known is None.

    ``previous`` is the close of the trading day before; ``transfer`` the price of internal
    transfers. Where there is none, ``transfer_remark`` says why: missing, or it may still change.
    """

    is_trading_day: bool
    previous: SourcedPrice | None = None
    transfer: SourcedPrice | None = None
    transfer_remark: Remark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """What a trade's day is held against. ``rule`` is None before the market opened."""

    today: date
    market: MarketDay
    rule: MarketRule | None


def rejections(draft: TradeDraft, *, facts: DayFacts) -> tuple[Remark, ...]:
    """Name everything that refuses a reported trade; empty when nothing does."""
    wrong = [*_day(draft, facts), *_figures(draft, facts), *_owners(draft)]
    if draft.mode is TradeMode.INTERNAL:
        market = facts.market
        wrong += transfer_breaches(draft, transfer=market.transfer, remark=market.transfer_remark)
    elif draft.unit_price is not None and not wrong:
        offer = Offer(
            mode=draft.mode,
            instrument=draft.instrument,
            trade_date=draft.trade_date,
            tonnes=draft.tonnes,
            unit_price=draft.unit_price,
        )
        wrong += breaches(offer, rule=facts.rule, previous=facts.market.previous)
    return tuple(wrong)


def cancellation_rejections(draft: TradeDraft) -> tuple[Remark, ...]:
    """Name what refuses to cancel a trade: only fees can be left of it."""
    wrong = list(_money("fees", draft.fees))
    if draft.amount is not None and draft.amount.amount != 0:
        text = f"{draft.amount.amount} CNY cannot be left of a trade of 0 t"
        wrong.append(Remark("amount", "AMOUNT_MISMATCH", text))
    return tuple(wrong)


def warnings(draft: TradeDraft, *, facts: DayFacts) -> tuple[Remark, ...]:
    """Name what could not be checked."""
    limited = draft.mode in {TradeMode.LISTING, TradeMode.BLOCK}
    if facts.market.previous is not None or not limited:
        return ()
    text = f"no close before {draft.trade_date} is known; the price limit was not checked"
    return (Remark("unit_price", "PREVIOUS_CLOSE_UNKNOWN", text),)


def _day(draft: TradeDraft, facts: DayFacts) -> Iterator[Remark]:
    if draft.trade_date > facts.today:
        wrong = f"{draft.trade_date} has not come yet; today is {facts.today}"
        yield Remark("trade_date", "TRADE_DATE_IN_FUTURE", wrong)
    elif not facts.market.is_trading_day:
        wrong = f"the market was closed on {draft.trade_date}"
        yield Remark("trade_date", "NOT_A_TRADING_DAY", wrong)


def _figures(draft: TradeDraft, facts: DayFacts) -> Iterator[Remark]:
    if not 0 < draft.tonnes <= MOST_TONNES:
        wrong = f"{draft.tonnes} t; a trade has from 1 to {MOST_TONNES} whole tonnes"
        yield Remark("tonnes", "TONNES_OUT_OF_BOUNDS", wrong)
    yield from _price(draft)
    yield from _money("fees", draft.fees)
    if draft.amount is not None:
        yield from _money("amount", draft.amount)
        yield from _amount(draft, draft.amount, facts.rule)
    elif draft.unit_price is not None and draft.tonnes * draft.unit_price > MOST_AMOUNT:
        wrong = f"{draft.tonnes} t at {draft.unit_price} are more than {MOST_AMOUNT:,}; check both"
        yield Remark("unit_price", "AMOUNT_OUT_OF_BOUNDS", wrong)


def _price(draft: TradeDraft) -> Iterator[Remark]:
    price = draft.unit_price
    if price is None:
        if draft.mode is not TradeMode.INTERNAL:
            yield Remark("unit_price", "PRICE_MISSING", "is unset; give CNY per tonne")
    elif not 0 < price <= HIGHEST_PRICE:
        wrong = f"{price} CNY; a price is above 0 and at most {HIGHEST_PRICE}"
        yield Remark("unit_price", "PRICE_OUT_OF_BOUNDS", wrong)
    elif price != round(price, PRICE_DECIMALS):
        wrong = f"{price} has more than {PRICE_DECIMALS} decimals"
        yield Remark("unit_price", "PRICE_OUT_OF_BOUNDS", wrong)


def _money(field: str, amount: Money) -> Iterator[Remark]:
    if amount.currency.code != "CNY":
        wrong = f"is in {amount.currency.code}; allowances and credits are traded in CNY"
        yield Remark(field, "CURRENCY_NOT_CNY", wrong)
    if not 0 <= amount.amount <= MOST_AMOUNT:
        wrong = f"is {amount.amount}; it must be 0 to {MOST_AMOUNT:,}"
        yield Remark(field, "AMOUNT_OUT_OF_BOUNDS", wrong)


def _amount(draft: TradeDraft, amount: Money, rule: MarketRule | None) -> Iterator[Remark]:
    """An amount may differ from tonnes x price only as far as the price was rounded."""
    if draft.unit_price is None or draft.tonnes <= 0:
        return
    slack = draft.tonnes * (rule.tick / 2 if rule else _HALF_A_TICK)
    exact = draft.tonnes * draft.unit_price
    if abs(amount.amount - exact) > max(slack, Decimal("0.005")):
        wrong = (
            f"{amount.amount} is not {draft.tonnes} t x {draft.unit_price}"
            f" = {amount_of(draft.tonnes, draft.unit_price).amount}, to half a tick a tonne"
        )
        yield Remark("amount", "AMOUNT_MISMATCH", wrong)


def _owners(draft: TradeDraft) -> Iterator[Remark]:
    """A market trade has a side and at most an earmark; an internal one has two owners."""
    owners = (draft.buyer, draft.seller, draft.buyer_contract, draft.seller_contract)
    if draft.mode is TradeMode.INTERNAL:
        if draft.side is not None:
            wrong = f"{draft.side}; an internal transfer has both sides: leave it unspecified"
            yield Remark("side", "FIELDS_EXCLUDE_EACH_OTHER", wrong)
        if draft.contract is not None:
            wrong = "an internal transfer names buyer_contract and seller_contract instead"
            yield Remark("contract", "FIELDS_EXCLUDE_EACH_OTHER", wrong)
        return
    if draft.side is None:
        yield Remark("side", "SIDE_MISSING", "is unspecified; say BUY or SELL")
    if any(owners):
        wrong = "only an internal transfer names buyer and seller; earmark by contract"
        yield Remark("buyer", "FIELDS_EXCLUDE_EACH_OTHER", wrong)
