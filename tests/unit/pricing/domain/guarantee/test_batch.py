"""Many at once are as good as one by one."""

import numpy as np
import pytest

from services.kernel.instrument import GuaranteeSide
from services.pricing.domain.guarantee import batch
from services.pricing.domain.guarantee.average import Averages, schedule_of
from services.pricing.domain.guarantee.batch import break_even_many, price_many, value_many
from services.pricing.domain.guarantee.promise import promises_of
from services.pricing.domain.guarantee.quote import quote_guarantee
from tests.builders.guarantee import (
    inquiry,
    promise,
    random_averages,
    stacked,
    weekly_average,
)

SALE = GuaranteeSide.SALE
TERMS = [promise("0.5"), promise(("5", "0.3"), "0.5", cap="6"), promise("0.1", side=SALE, cap="9")]


def mixed() -> Averages:
    """One that nothing moves, one of which little is open, one plain, one for the audit pricer."""
    return stacked(
        [
            weekly_average(volatility=0.0),
            weekly_average(known=79.0, part=0.01),
            weekly_average(),
            weekly_average(volatility=1.3),
        ]
    )


@pytest.mark.parametrize("terms", TERMS)
def test_gives_the_figures_of_a_quote(terms: object) -> None:
    asked = inquiry(terms=terms)
    quote, averages = quote_guarantee(inquiry=asked), schedule_of(asked).averages
    promises = promises_of([asked.terms])
    prices = break_even_many(averages=averages, promises=promises)
    figures = value_many(averages=averages, promises=promises, prices=prices)
    assert prices[0] == pytest.approx(float(quote.break_even_price), abs=1e-6)
    assert figures.delta[0] == pytest.approx(float(quote.delta), abs=1e-6)
    assert figures.gamma[0] == pytest.approx(float(quote.gamma), abs=1e-6)
    assert figures.vega[0] == pytest.approx(float(quote.vega), abs=1e-5)
    loss = float(quote.probability_of_loss)
    assert figures.probability_of_loss[0] == pytest.approx(loss, abs=1e-6)


def test_takes_every_law_in_its_turn() -> None:
    averages, strikes = mixed(), np.array([78.0, 80.0, 82.0, 100.0])
    together = price_many(averages=averages, strikes=strikes)
    for row in range(4):
        one = averages.take(slice(row, row + 1))
        alone = price_many(averages=one, strikes=strikes[row : row + 1])
        assert together.call[row] == pytest.approx(alone.call[0], abs=1e-9)
        assert together.vega[row] == pytest.approx(alone.vega[0], abs=1e-6)


def test_finds_every_break_even_in_its_turn() -> None:
    averages, promises = mixed(), promises_of([TERMS[1]] * 4)
    together = break_even_many(averages=averages, promises=promises)
    for row in range(4):
        one = averages.take(slice(row, row + 1))
        alone = break_even_many(averages=one, promises=promises.take(slice(1)))
        assert together[row] == pytest.approx(alone[0], abs=1e-6)


def test_values_what_is_over() -> None:
    nothing = np.zeros((2, 0))
    over = Averages(
        known=np.array([75.0, 90.0]),
        forwards=nothing,
        variances=nothing,
        levels=np.full(2, 80.0),
        volatilities=np.zeros(2),
    )
    promises = promises_of([promise("0.5")] * 2)
    figures = value_many(averages=over, promises=promises, prices=np.full(2, 80.0))
    assert figures.value.tolist() == [2.5, -10.0]
    assert figures.delta.tolist() == [0.0, 0.0]
    assert figures.probability_of_loss.tolist() == [0.0, 1.0]


def test_does_not_depend_on_threads() -> None:
    averages = random_averages(4_000, 26, seed=3)
    strikes = np.linspace(60.0, 100.0, 4_000)
    assert batch._CHUNK_CELLS < 4_000 * 26
    one = price_many(averages=averages, strikes=strikes, threads=1)
    two = price_many(averages=averages, strikes=strikes, threads=2)
    assert (one.call == two.call).all()
    assert (one.vega == two.vega).all()


def test_prices_nothing_as_nothing() -> None:
    averages = random_averages(3, 5, seed=1).take(slice(0, 0))
    assert price_many(averages=averages, strikes=np.zeros(0)).call.shape == (0,)
