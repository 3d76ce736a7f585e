"""Break-even prices: roots where there are any, refusals where there are none."""

import numpy as np
import pytest

from services.kernel.instrument import GuaranteeSide
from services.pricing.domain.guarantee.average import Averages
from services.pricing.domain.guarantee.batch import break_even_many, value_many
from services.pricing.domain.guarantee.break_even import NoBreakEven, rising_root
from services.pricing.domain.guarantee.promise import PromiseTerms, promises_of
from tests.builders.guarantee import promise, stacked, weekly_average

SALE = GuaranteeSide.SALE


def break_even(terms: PromiseTerms, averages: Averages, margin: float = 0.0) -> float:
    promises, margins = promises_of([terms]), np.array([margin])
    return float(break_even_many(averages=averages, promises=promises, margins=margins)[0])


def worth(terms: PromiseTerms, averages: Averages, price: float) -> float:
    figures = value_many(averages=averages, promises=promises_of([terms]), prices=np.array([price]))
    return float(figures.value[0])


PROMISES = [
    promise("0.5"),
    promise("0.97"),
    promise(("5", "0.3"), "0.5"),
    promise(("2", "1"), ("4", "0.2"), "0.9"),
    promise("0.5", cap="5"),
    promise(("1", "0.9"), "0.1", cap="0.01"),
    promise(("5", "0.5"), "1"),
]


@pytest.mark.parametrize("volatility", [0.0, 0.02, 0.3, 0.44, 1.1])
@pytest.mark.parametrize("terms", [*PROMISES, promise()])
def test_leaves_nothing_at_the_break_even_price(terms: PromiseTerms, volatility: float) -> None:
    average = weekly_average(volatility=volatility)
    assert worth(terms, average, break_even(terms, average)) == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize("terms", PROMISES)
def test_leaves_the_margin_that_was_asked_for(terms: PromiseTerms) -> None:
    average = weekly_average()
    price = break_even(terms, average, margin=0.75)
    assert worth(terms, average, price) == pytest.approx(0.75, abs=1e-5)
    assert price > break_even(terms, average)


@pytest.mark.parametrize("share", ["0.2", "0.5", "0.9"])
def test_asks_less_of_a_sale_and_more_of_a_purchase(share: str) -> None:
    average = weekly_average()
    expected = float(average.forwards.sum())
    assert break_even(promise(share, side=SALE), average) < expected
    assert break_even(promise(share), average) > expected


def test_is_the_expected_average_where_nothing_is_shared() -> None:
    for volatility in (0.0, 0.3, 0.9):
        average = weekly_average(volatility=volatility)
        expected = pytest.approx(float(average.forwards.sum()), abs=1e-9)
        assert break_even(promise(), average) == expected
        assert break_even(promise("0"), average) == expected


@pytest.mark.parametrize(
    "terms",
    [
        promise("1"),
        promise("1", cap="5"),
        promise(("5", "1"), "1"),
        promise("1", side=SALE),
        promise("1", side=SALE, cap="5"),
    ],
)
def test_refuses_where_every_gain_is_the_customers(terms: PromiseTerms) -> None:
    with pytest.raises(NoBreakEven, match="no break-even") as refusal:
        break_even(terms, weekly_average())
    assert refusal.value.reason == "NO_BREAK_EVEN"


def test_refuses_a_margin_above_all_that_tiers_leave() -> None:
    terms = promise(("5", "0.5"), "1")
    assert break_even(terms, weekly_average(), margin=2.499) > 100.0
    with pytest.raises(NoBreakEven, match=r"2\.500000"):
        break_even(terms, weekly_average(), margin=2.5)


def test_refuses_a_margin_that_no_floor_earns() -> None:
    terms = promise("0.5", side=SALE)
    assert break_even(terms, weekly_average(), margin=40.0) > 0.0
    with pytest.raises(NoBreakEven):
        break_even(terms, weekly_average(), margin=40.3)


def test_names_the_row_that_has_none() -> None:
    promises = promises_of([promise("0.5"), promise("1")])
    twice = stacked([weekly_average()] * 2)
    with pytest.raises(NoBreakEven) as refusal:
        break_even_many(averages=twice, promises=promises)
    assert refusal.value.metadata["row"] == "1"


@pytest.mark.parametrize("root", [1.0, 1.5, 700.0])
def test_finds_the_root_of_whatever_rises(root: float) -> None:
    found = rising_root(lambda price: price**3 - root**3, start=1.0, side=1.0)
    assert found == pytest.approx(root, abs=1e-8)
    found = rising_root(lambda price: 1.0 / root - price, start=1.0, side=-1.0)
    assert found == pytest.approx(1.0 / root, abs=1e-8)
