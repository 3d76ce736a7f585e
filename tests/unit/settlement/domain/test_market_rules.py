from datetime import date
from decimal import Decimal

import pytest

from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.instrument import InstrumentKind
from services.kernel.money import money
from services.settlement.domain.trade import TradeDraft, TradeMode
from services.settlement.domain.trade_checks import rejections, warnings
from tests.builders.trades import RULES, draft, facts

KNOWN = Decimal("51.23")


def reasons(
    checked: TradeDraft, *, previous_close: Decimal | None = KNOWN, close: Decimal | None = None
) -> set[str]:
    day = facts(checked, previous_close=previous_close, close=close)
    return {remark.reason for remark in rejections(checked, facts=day)}


def test_rounds_the_price_limits_to_the_tick() -> None:
    rule = RULES.on(InstrumentKind.CEA, date(2021, 7, 19))
    assert rule is not None
    limits = rule.price_limits(mode=TradeMode.LISTING, previous_close=KNOWN)
    assert limits == (Decimal("46.11"), Decimal("56.35"))


@pytest.mark.parametrize("price", ["46.11", "56.35"])
def test_takes_a_listed_price_at_the_limit(price: str) -> None:
    assert reasons(draft(unit_price=Decimal(price))) == set()


@pytest.mark.parametrize("price", ["46.10", "56.36"])
def test_refuses_a_listed_price_beyond_the_limit(price: str) -> None:
    assert reasons(draft(unit_price=Decimal(price))) == {"PRICE_OUT_OF_LIMIT"}


@pytest.mark.parametrize(("price", "wrong"), [("35.86", False), ("66.60", False), ("66.61", True)])
def test_gives_a_block_trade_thirty_percent(price: str, *, wrong: bool) -> None:
    block = draft(mode=TradeMode.BLOCK, tonnes=100_000, unit_price=Decimal(price))
    assert reasons(block) == ({"PRICE_OUT_OF_LIMIT"} if wrong else set())


def test_keeps_listed_trades_below_and_block_trades_at_100_000_tonnes() -> None:
    price = Decimal("51.00")
    assert reasons(draft(tonnes=99_999, unit_price=price)) == set()
    assert reasons(draft(tonnes=100_000, unit_price=price)) == {"LISTING_TOO_LARGE"}
    small = draft(mode=TradeMode.BLOCK, tonnes=99_999, unit_price=price)
    assert reasons(small) == {"BLOCK_TOO_SMALL"}


def test_refuses_a_price_between_ticks() -> None:
    assert reasons(draft(unit_price=Decimal("51.005"))) == {"PRICE_OFF_TICK"}


def test_refuses_a_day_before_the_market_opened() -> None:
    assert "MARKET_NOT_OPEN" in reasons(draft(trade_date=date(2021, 7, 15)))


def test_refuses_the_future_and_a_day_without_trading() -> None:
    assert "TRADE_DATE_IN_FUTURE" in reasons(draft(trade_date=date(2026, 1, 1)))
    holiday = facts(draft(), is_trading_day=False)
    assert [each.reason for each in rejections(draft(), facts=holiday)] == ["NOT_A_TRADING_DAY"]


def test_only_warns_while_no_close_is_known() -> None:
    assert reasons(draft(), previous_close=None) == set()
    [warning] = warnings(draft(), facts=facts(draft()))
    assert warning.reason == "PREVIOUS_CLOSE_UNKNOWN"


def test_names_every_wrong_figure_at_once() -> None:
    wrong = draft(tonnes=0, unit_price=Decimal(-1), fees=money("-0.01"), side=None)
    assert reasons(wrong) == {
        "TONNES_OUT_OF_BOUNDS",
        "PRICE_OUT_OF_BOUNDS",
        "AMOUNT_OUT_OF_BOUNDS",
        "SIDE_MISSING",
    }


def test_refuses_an_amount_that_no_books_could_add_up() -> None:
    [wrong] = rejections(
        draft(mode=TradeMode.AUCTION, tonnes=10**10, unit_price=Decimal("1000.01")),
        facts=facts(draft()),
    )
    assert (wrong.field, wrong.reason) == ("unit_price", "AMOUNT_OUT_OF_BOUNDS")
    [least] = rejections(draft(fees=money("-0.01")), facts=facts(draft()))
    assert least.message == "is -0.01; it must be 0 to 10,000,000,000,000"


def test_takes_an_amount_whose_average_price_was_rounded() -> None:
    price = Decimal("73.06")
    published = draft(
        mode=TradeMode.AUCTION, tonnes=140_694, unit_price=price, amount=money("10279308.00")
    )
    assert reasons(published) == set()
    wrong = draft(
        mode=TradeMode.AUCTION, tonnes=140_694, unit_price=price, amount=money("10280000.00")
    )
    assert reasons(wrong) == {"AMOUNT_MISMATCH"}


def test_refuses_another_currency() -> None:
    assert reasons(draft(unit_price=Decimal(51), fees=money("1", "USD"))) == {"CURRENCY_NOT_CNY"}


def test_names_buyer_and_seller_only_in_an_internal_transfer() -> None:
    market = draft(unit_price=Decimal(51), buyer=CustomerName("customers/a"))
    assert reasons(market) == {"FIELDS_EXCLUDE_EACH_OTHER"}


def internal(**prices: Decimal | None) -> TradeDraft:
    return draft(
        mode=TradeMode.INTERNAL,
        side=None,
        unit_price=prices.get("unit_price"),
        buyer=CustomerName("customers/a"),
        seller=CustomerName("customers/b"),
    )


def test_prices_an_internal_transfer_by_rule_only() -> None:
    rule, other = Decimal("72.50"), Decimal("72.51")
    assert reasons(internal(), close=rule) == set()
    assert reasons(internal(unit_price=rule), close=rule) == set()
    assert reasons(internal(unit_price=other), close=rule) == {"PRICE_NOT_BY_RULE"}
    assert reasons(internal()) == {"PRICE_MISSING"}


def test_refuses_a_transfer_without_owners_or_with_an_earmark() -> None:
    wrong = draft(mode=TradeMode.INTERNAL, unit_price=None, contract=ContractName("contracts/a"))
    assert reasons(wrong, close=Decimal(72)) == {
        "OWNERS_MISSING",
        "FIELDS_EXCLUDE_EACH_OTHER",
    }


def test_gives_each_rule_a_source_and_a_first_day() -> None:
    assert all(rule.source and rule.valid_from for rule in RULES.rules)
    assert RULES.vat_on(date(2025, 1, 1)) == Decimal("0.06")
