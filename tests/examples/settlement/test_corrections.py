"""The worked corrections by month of origin of corrections.yaml."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.kernel.money import from_minor, money, to_minor
from services.kernel.period import Month
from services.settlement.domain.contract import PromisedPrice, price_on
from services.settlement.domain.guarantee import (
    NOTHING,
    Delivery,
    Figure,
    MonthOfOrigin,
    figures_to_date,
)
from services.settlement.domain.settlement import settle, settled_months
from tests.builders.settlement import terms

CASES = yaml.safe_load((Path(__file__).parent / "corrections.yaml").read_text(encoding="utf-8"))
WITH_RUNS = [case for case in CASES if "settles" in case]
TO_DATE = [case for case in CASES if "to_date" in case]


@pytest.mark.parametrize("case", WITH_RUNS, ids=[case["case"] for case in WITH_RUNS])
def test_settles_each_month_of_origin_as_worked_by_hand(case: dict[str, Any]) -> None:
    prices, posted = _prices(case), dict[Month, Figure]()
    for text, expected in case["settles"].items():
        current = Month.parse(text)
        months = settled_months(
            deliveries=_deliveries(case, known=current),
            posted=posted,
            maturity=Month(2025, 12),
            current=current,
        )
        agreed = terms(promised_prices=prices)
        _, rows = settle(agreed, months=months, posted=posted, taxation=None)
        shown = {
            str(row.origin): [_yuan(row.moved.gain), _yuan(row.moved.share), _yuan(row.net)]
            for row in rows
        }
        assert shown == {origin: [money(x) for x in row] for origin, row in expected.items()}
        for row in rows:
            sums = zip(posted.get(row.origin, NOTHING), row.moved, strict=True)
            posted[row.origin] = Figure(*(one + other for one, other in sums))


@pytest.mark.parametrize("case", TO_DATE, ids=[case["case"] for case in TO_DATE])
def test_owes_to_date_as_worked_by_hand(case: dict[str, Any]) -> None:
    months = list(_deliveries(case, known=Month(2025, 12)).values())
    figure = figures_to_date(terms(promised_prices=_prices(case)), months)[-1]
    assert [_yuan(figure.gain), _yuan(figure.share), _yuan(figure.house)] == [
        money(amount) for amount in case["to_date"]
    ]


def _prices(case: dict[str, Any]) -> tuple[PromisedPrice, ...]:
    return tuple(PromisedPrice(day, Decimal(price)) for day, price in case["prices"].items())


def _deliveries(case: dict[str, Any], *, known: Month) -> dict[Month, MonthOfOrigin]:
    prices, found = _prices(case), defaultdict[Month, list[Delivery]](list)
    order = [promised.price for promised in prices]
    for trade in case["trades"]:
        dated = Month.parse(trade["dated"])
        if Month.parse(trade.get("learned", trade["dated"])) <= known:
            price = order.index(price_on(prices, date(dated.year, dated.number, 15)))
            amount = to_minor(money(trade["amount"]))
            found[dated].append(Delivery(price, trade["tonnes"], amount, 0))
    return {month: MonthOfOrigin(month, tuple(found[month])) for month in sorted(found)}


def _yuan(fen: int) -> object:
    return from_minor(fen)
