"""What promises on an average should cost: tables that an analyst can read and sign.

Times are in years, weekly fixings at i/52: spot 80, carry 2 %. A tier is written end:share.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from services.kernel.instrument import GuaranteeSide
from services.pricing.domain.guarantee.average import Averages
from services.pricing.domain.guarantee.batch import break_even_many, price_many, value_many
from services.pricing.domain.guarantee.density import density_law
from services.pricing.domain.guarantee.promise import PromiseTerms, promises_of
from tests.builders.guarantee import promise, weekly_average

HERE = Path(__file__)
PUBLISHED = 2e-2
"""The published figures are simulated."""


def rows(name: str) -> list[dict[str, str]]:
    with HERE.with_name(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def terms_of(row: dict[str, str]) -> PromiseTerms:
    bands = [band.split(":") for band in row["tiers"].split()]
    shares = [(end or None, share) for end, share in bands]
    return promise(*shares, side=GuaranteeSide(row["side"]), cap=row["loss_cap"] or None)


def average_of(row: dict[str, str]) -> Averages:
    return weekly_average(
        fixings=int(row["fixings"]),
        volatility=float(row["volatility"]),
        known=float(row["known_amount"]),
        part=float(row["open_part"]),
    )


@pytest.mark.parametrize("row", rows("guarantee_prices.csv"), ids=lambda row: row["what"])
def test_prices_as_the_table_says(row: dict[str, str]) -> None:
    averages, promises = average_of(row), promises_of([terms_of(row)])
    tolerance = float(row["tolerance"])
    expected = averages.known + averages.forwards.sum(axis=1)
    assert expected[0] == pytest.approx(float(row["expected_average"]), abs=5e-5)
    price = break_even_many(averages=averages, promises=promises)
    assert price[0] == pytest.approx(float(row["break_even"]), abs=tolerance)
    if row["value_at_expected"]:
        value = value_many(averages=averages, promises=promises, prices=expected).value
        assert value[0] == pytest.approx(float(row["value_at_expected"]), abs=tolerance)


def levy_average(fixings: int) -> Averages:
    """Spot 90, rate 2.5 %, dividend yield 6 %, volatility 13 %, from time 0 to 11/12 year."""
    years = np.linspace(0.0, 11.0 / 12.0, fixings)
    return Averages(
        known=np.zeros(1),
        forwards=(90.0 * np.exp((0.025 - 0.06) * years) / fixings)[None],
        variances=(0.13**2 * years)[None],
        levels=np.array([90.0]),
        volatilities=np.array([0.13]),
    )


@pytest.mark.parametrize("row", rows("levy_1997.csv"), ids=lambda row: f"{row['fixings']} fixings")
def test_prices_the_puts_that_levy_published(row: dict[str, str]) -> None:
    averages, discount = levy_average(int(row["fixings"])), np.exp(-0.025 * 11.0 / 12.0)
    put = discount * price_many(averages=averages, strikes=np.array([87.0])).put[0]
    assert put == pytest.approx(float(row["published"]), abs=PUBLISHED)
    assert put == pytest.approx(float(row["exact"]), abs=1e-5)


@pytest.mark.parametrize("row", rows("levy_1997.csv"), ids=lambda row: f"{row['fixings']} fixings")
def test_audits_the_puts_that_levy_published(row: dict[str, str]) -> None:
    averages, discount = levy_average(int(row["fixings"])), np.exp(-0.025 * 11.0 / 12.0)
    law = density_law(known=0.0, forwards=averages.forwards[0], variances=averages.variances[0])
    call = law.calls(np.array([[87.0]])).value[0, 0]
    put = discount * (call - law.expected[0] + 87.0)
    assert put == pytest.approx(float(row["exact"]), abs=1e-6)
