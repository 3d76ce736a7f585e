"""Risk of one promise, against sums over the whole distribution."""

from functools import cache

import numpy as np
import pytest

from services.kernel.instrument import GuaranteeSide
from services.pricing.domain.guarantee.arrays import Floats
from services.pricing.domain.guarantee.average import Averages
from services.pricing.domain.guarantee.laws import laws_of
from services.pricing.domain.guarantee.promise import PromiseTerms, promises_of
from services.pricing.domain.guarantee.risk import TAIL, PricedPromise, price_promise
from tests.builders.guarantee import promise, weekly_average

SALE = GuaranteeSide.SALE
AUDITED = weekly_average(volatility=1.2)
PROMISES = [
    promise("0.5"),
    promise("0.2", side=SALE),
    promise(("5", "0.3"), "0.5", cap="60"),
    promise(("5", "0.3"), "0.5", side=SALE, cap="20"),
    promise(("1", "0.3"), ("60", "0.9"), "0.5", side=SALE),
    promise("0.5", cap="5"),
]


def priced(terms: PromiseTerms, averages: Averages, price: float) -> PricedPromise:
    return price_promise(law=laws_of(averages).only(0), promises=promises_of([terms]), price=price)


@cache
def outcomes() -> tuple[Floats, Floats]:
    """Averages on a fine grid, and the probability of each."""
    edges = np.geomspace(4.0, 6_000.0, 8_001)
    below = 1.0 + laws_of(AUDITED).only(0).calls(edges[None]).slope[0]
    return np.sqrt(edges[1:] * edges[:-1]), np.diff(below)


def summed_tail(terms: PromiseTerms, price: float) -> tuple[float, float]:
    """VaR and CVaR by going through the outcomes from the worst on."""
    averages, masses = outcomes()
    losses = -promises_of([terms]).house(price, averages)
    worst_first = np.argsort(-losses, kind="stable")
    taken = np.diff(np.minimum(np.cumsum(masses[worst_first]), TAIL), prepend=0.0)
    edge = losses[worst_first][taken > 0.0][-1]
    return float(edge), float(losses[worst_first] @ taken / TAIL)


@pytest.mark.parametrize("price", [60.0, 85.0, 250.0])
@pytest.mark.parametrize("terms", PROMISES)
def test_means_the_worst_hundredth(terms: PromiseTerms, price: float) -> None:
    at_risk, mean = summed_tail(terms, price)
    promised = priced(terms, AUDITED, price)
    assert promised.value_at_risk == pytest.approx(at_risk, rel=2e-3, abs=0.2)
    assert promised.conditional_value_at_risk == pytest.approx(mean, rel=2e-3, abs=0.05)
    assert promised.conditional_value_at_risk >= promised.value_at_risk - 1e-9


@pytest.mark.parametrize("terms", PROMISES)
def test_never_loses_more_than_its_cap(terms: PromiseTerms) -> None:
    cap = terms.loss_cap_per_tonne
    promised = priced(terms, weekly_average(), 80.0)
    if cap is not None:
        assert promised.conditional_value_at_risk <= float(cap) + 1e-6


@pytest.mark.parametrize("side", list(GuaranteeSide))
def test_two_sides_cannot_both_lose(side: GuaranteeSide) -> None:
    one = priced(promise("0.5", side=side), weekly_average(), 82.0).probability_of_loss
    above = price_promise(
        law=laws_of(weekly_average()).only(0), promises=promises_of([promise()]), price=82.0
    ).probability_of_loss
    assert one == pytest.approx(above if side is GuaranteeSide.PURCHASE else 1.0 - above)


def test_loses_nothing_for_certain_at_what_is_certain() -> None:
    still = weekly_average(volatility=0.0)
    promised = priced(promise("0.5"), still, float(still.forwards.sum()))
    assert promised.probability_of_loss == 0.0
    assert promised.value_at_risk == promised.conditional_value_at_risk == 0.0


def test_lists_profits_from_worst_to_best() -> None:
    for terms in PROMISES:
        profits = priced(terms, weekly_average(), 81.0).profits
        assert (np.diff(profits) >= -1e-12).all()
        assert profits[0] == -priced(terms, weekly_average(), 81.0).value_at_risk
