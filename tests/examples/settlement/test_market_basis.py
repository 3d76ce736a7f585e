"""The worked contracts on a market average of market_basis.yaml, and what they refuse."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.kernel.identifiers import PriceSeriesName
from services.kernel.money import from_minor, money
from services.kernel.period import Month
from services.settlement.domain.contract import PriceBasis, PromisedPrice
from services.settlement.domain.guarantee import Delivery, Figure, figures_to_date
from services.settlement.domain.market_basis import (
    MarketDay,
    MarketTerms,
    PriceMissing,
    PriceNotFinal,
    market_deliveries,
)
from tests.builders.settlement import terms

CASES = yaml.safe_load((Path(__file__).parent / "market_basis.yaml").read_text(encoding="utf-8"))
TWAP, VWAP = CASES[0], CASES[1]
by_case = pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])


@by_case
def test_owes_to_date_as_worked_by_hand(case: dict[str, Any]) -> None:
    for expected, figure in zip(case["months"], _figures(case), strict=True):
        assert figure.tonnes == expected["tonnes"]
        assert from_minor(figure.amount) == money(expected["amount"])
        assert from_minor(figure.gain) == money(expected["gain"])


@by_case
def test_a_month_owes_the_same_before_the_next_is_known(case: dict[str, Any]) -> None:
    assert _figures(case, through=Month(2025, 1).last_day) == _figures(case)[:1]


def test_does_not_average_the_months() -> None:
    means = [Decimal(month["close"]) for month in TWAP["months"]]
    wrong = money("1900000.00") - money(sum(means, Decimal(0)) / 2 * TWAP["volume_tonnes"])
    assert wrong == money(TWAP["by_averaging_the_months"])
    assert from_minor(_figures(TWAP)[-1].gain) != wrong


def test_keeps_apart_what_was_delivered_under_each_promised_price() -> None:
    later = PromisedPrice(date(2025, 1, 11), Decimal("96.00"))
    agreed = _agreed(TWAP)
    amended = replace(agreed, promised_prices=(*agreed.promised_prices, later))
    january, february = market_deliveries(
        terms=amended, market=dict(_market(TWAP)), through=date(2025, 12, 31)
    )
    assert january.deliveries == (
        Delivery(0, 5_263, 49_840_610, 0),
        Delivery(1, 5_263, 49_840_610, 0),
    )
    assert [(each.price, each.tonnes) for each in february.deliveries] == [(1, 9_474)]


def test_delivers_nothing_before_the_window_begins() -> None:
    assert market_deliveries(terms=_agreed(TWAP), market={}, through=date(2024, 12, 31)) == ()


def test_needs_a_price_of_every_trading_day_that_has_passed() -> None:
    market = dict(_market(TWAP))
    del market[date(2025, 1, 7)]
    with pytest.raises(PriceMissing, match="2025-01-07"):
        market_deliveries(terms=_agreed(TWAP), market=market, through=date(2025, 1, 31))


def test_takes_final_prices_only() -> None:
    market = dict(_market(TWAP))
    market[date(2025, 1, 7)] = replace(market[date(2025, 1, 7)], final=False)
    with pytest.raises(PriceNotFinal, match="2025-01-07"):
        market_deliveries(terms=_agreed(TWAP), market=market, through=date(2025, 1, 31))


def test_has_no_average_by_volume_while_nothing_was_traded() -> None:
    idle = {day: replace(each, tonnes=0, amount=Decimal(0)) for day, each in _market(VWAP)}
    with pytest.raises(PriceMissing, match="nothing was traded"):
        market_deliveries(terms=_agreed(VWAP), market=idle, through=date(2025, 1, 31))


def _figures(case: dict[str, Any], through: date = date(2025, 12, 31)) -> list[Figure]:
    months = market_deliveries(terms=_agreed(case), market=dict(_market(case)), through=through)
    promised = _agreed(case).promised_prices
    return figures_to_date(terms(promised_prices=promised), months)


def _agreed(case: dict[str, Any]) -> MarketTerms:
    return MarketTerms(
        basis=PriceBasis(case["basis"]),
        series=PriceSeriesName("priceSeries/cea-composite"),
        volume_tonnes=case["volume_tonnes"],
        promised_prices=(PromisedPrice(date(2025, 1, 1), Decimal(case["promised_price"])),),
        window_days=tuple(day for day, _ in _market(case)),
    )


def _market(case: dict[str, Any]) -> Iterator[tuple[date, MarketDay]]:
    for month in case["months"]:
        first, traded = Month.parse(month["month"]).first_day, month.get("traded", 1)
        close = Decimal(month["close"])
        for number in range(month["trading_days"]):
            amount = close * traded
            day = MarketDay(close=close, tonnes=traded, amount=amount, final=True)
            yield first + timedelta(days=number), day
