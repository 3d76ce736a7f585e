"""What a reported trade must satisfy in itself, before any contract is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.kernel.money import Money
from services.settlement.domain.internal_transfer import transfer_breaches
from services.settlement.domain.market_rules import Offer, breaches, market_rule_on
from services.settlement.domain.remark import Remark
from services.settlement.domain.trade import TradeDraft, TradeMode, amount_of

MOST_TONNES = 10_000_000_000
HIGHEST_PRICE = Decimal(1_000_000)
PRICE_DECIMALS = 6
_HALF_A_TICK = Decimal("0.005")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """What is known of the market on a trade's day. A price that is not known is None."""

    today: date
    is_trading_day: bool
    previous_close: Decimal | None
    transfer_price: Decimal | None = None


def rejections(draft: TradeDraft, *, facts: DayFacts) -> tuple[Remark, ...]:
    """Name everything that refuses a reported trade; empty when nothing does."""
    wrong = [*_day(draft, facts), *_figures(draft), *_owners(draft)]
    if draft.mode is TradeMode.INTERNAL:
        wrong += transfer_breaches(draft, transfer_price=facts.transfer_price)
    elif draft.unit_price is not None and not wrong:
        offer = Offer(
            mode=draft.mode,
            instrument=draft.instrument,
            trade_date=draft.trade_date,
            tonnes=draft.tonnes,
            unit_price=draft.unit_price,
        )
        wrong += breaches(offer, previous_close=facts.previous_close)
    return tuple(wrong)


def warnings(draft: TradeDraft, *, facts: DayFacts) -> tuple[Remark, ...]:
    """Name what could not be checked."""
    limited = draft.mode in {TradeMode.LISTING, TradeMode.BLOCK}
    if facts.previous_close is not None or not limited:
        return ()
    text = f"no close before {draft.trade_date} is known; the price limit was not checked"
    return (Remark("unit_price", "PREVIOUS_CLOSE_UNKNOWN", text),)


def _day(draft: TradeDraft, facts: DayFacts) -> Iterator[Remark]:
    if draft.trade_date > facts.today:
        wrong = f"{draft.trade_date} has not come yet; today is {facts.today}"
        yield Remark("trade_date", "TRADE_DATE_IN_FUTURE", wrong)
    elif not facts.is_trading_day:
        wrong = f"the market was closed on {draft.trade_date}"
        yield Remark("trade_date", "NOT_A_TRADING_DAY", wrong)


def _figures(draft: TradeDraft) -> Iterator[Remark]:
    if not 0 < draft.tonnes <= MOST_TONNES:
        wrong = f"{draft.tonnes} t; a trade has from 1 to {MOST_TONNES} whole tonnes"
        yield Remark("tonnes", "TONNES_OUT_OF_BOUNDS", wrong)
    yield from _price(draft)
    yield from _money("fees", draft.fees)
    if draft.amount is not None:
        yield from _money("amount", draft.amount)
        yield from _amount(draft, draft.amount)


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
    if amount.amount < 0 or amount.amount > MOST_TONNES * HIGHEST_PRICE:
        yield Remark(field, "AMOUNT_OUT_OF_BOUNDS", f"{amount.amount} is not from 0 upward")


def _amount(draft: TradeDraft, amount: Money) -> Iterator[Remark]:
    """An amount may differ from tonnes x price only as far as the price was rounded."""
    if draft.unit_price is None or draft.tonnes <= 0:
        return
    rule = market_rule_on(draft.instrument.kind, draft.trade_date)
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
