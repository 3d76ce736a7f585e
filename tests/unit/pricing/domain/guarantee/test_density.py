"""The audit pricer against published values, an independent integral and its own mean."""

import numpy as np
import pytest
from scipy.special import ndtr

from services.pricing.domain.guarantee.arrays import Floats
from services.pricing.domain.guarantee.density import DensityLaw, density_law
from tests.builders.guarantee import column, weekly_average


def law_of(forwards: Floats, variances: Floats, *, known: float = 0.0) -> DensityLaw:
    return density_law(known=known, forwards=forwards, variances=variances, with_vega=False)


def two_fixings(amounts: Floats, variances: Floats, strike: float) -> float:
    """Integrate Black's formula over what happens between two fixings, on a very fine grid."""
    first, second = variances[0], variances[1] - variances[0]
    z = np.linspace(-10.0, 10.0, 400_001)
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi) * (z[1] - z[0])
    mean = amounts[0] + amounts[1] * np.exp(np.sqrt(second) * z - 0.5 * second)
    distance = np.log(mean / strike) / np.sqrt(first) + 0.5 * np.sqrt(first)
    value = mean * ndtr(distance) - strike * ndtr(distance - np.sqrt(first))
    return float(density @ value)


def test_keeps_the_mean() -> None:
    average = weekly_average(fixings=52, volatility=0.8)
    law = law_of(average.forwards[0], average.variances[0], known=5.0)
    assert law.expected[0] == pytest.approx(5.0 + average.forwards.sum(), abs=1e-9)


def test_keeps_the_mean_where_few_late_fixings_make_the_tail() -> None:
    """The deviation of what is left tells little of a tail that the last fixing alone makes."""
    amounts = np.array([5.58, 26.49, 13.38, 1.64, 5.6, 0.21, 4.84, 0.94, 1.54, 15.51, 0.03, 3.97])
    totals = [0.0151, 0.019, 0.0221, 0.025, 0.0456, 0.0509]
    totals += [0.0566, 0.1411, 0.1449, 0.2262, 0.2296, 0.2387]
    law = law_of(amounts, np.array(totals))
    assert law.expected[0] == pytest.approx(amounts.sum(), abs=1e-9)


@pytest.mark.parametrize("strike", [60.0, 80.0, 100.0])
@pytest.mark.parametrize("first_day", [1, 30, 364])
def test_sizes_its_grid_by_every_interval(first_day: int, strike: float) -> None:
    amounts, variances = np.array([40.0, 41.0]), np.array([first_day / 365, 1.0]) * 0.6**2
    value = law_of(amounts, variances).calls(column(strike)).value[0, 0]
    assert value == pytest.approx(two_fixings(amounts, variances, strike), abs=1e-8)


LINETSKY = [
    (0.02, 0.10, 1.0, 2.0, 0.0559860415),
    (0.18, 0.30, 1.0, 2.0, 0.2183875466),
    (0.0125, 0.25, 2.0, 2.0, 0.1722687410),
    (0.05, 0.50, 1.0, 1.9, 0.1931737903),
    (0.05, 0.50, 1.0, 2.0, 0.2464156905),
    (0.05, 0.50, 1.0, 2.1, 0.3062203648),
    (0.05, 0.50, 2.0, 2.0, 0.3500952190),
]
"""Rate, volatility, years, spot, value of a call at 2 on the continuous average.

V. Linetsky, Spectral expansions for Asian (average price) options, Operations Research 52 (2004),
table 3, as reprinted in the fAsianOptions package for R; the 64 fixings below agree to 2e-7.
"""


@pytest.mark.parametrize(("rate", "volatility", "years", "spot", "value"), LINETSKY)
def test_tends_to_the_published_continuous_average(
    rate: float, volatility: float, years: float, spot: float, value: float
) -> None:
    def trapezoid(fixings: int) -> float:
        times = np.arange(fixings + 1) * years / fixings
        weights = np.full(fixings + 1, 1.0 / fixings)
        weights[[0, -1]] /= 2.0
        amounts = weights * spot * np.exp(rate * times)
        law = law_of(amounts[1:], volatility**2 * times[1:], known=float(amounts[0]))
        return float(law.calls(column(2.0)).value[0, 0] * np.exp(-rate * years))

    rough, fine, finest = trapezoid(16), trapezoid(32), trapezoid(64)
    once, again = (4 * fine - rough) / 3, (4 * finest - fine) / 3
    assert (16 * again - once) / 15 == pytest.approx(value, abs=2e-7)


def test_joins_what_it_cannot_tell_apart() -> None:
    daily = weekly_average(fixings=400, volatility=0.3)
    joined = law_of(daily.forwards[0], daily.variances[0])
    assert joined.expected[0] == pytest.approx(daily.forwards.sum(), abs=1e-8)
    assert len(joined.mixture.levels) < 2_000


def test_takes_fixings_before_anything_moves_as_known() -> None:
    law = law_of(np.array([30.0, 50.0]), np.array([0.0, 0.09]))
    assert law.mixture.known == 30.0
    assert law.calls(column(20.0)).value[0, 0] == pytest.approx(60.0)


def test_has_greeks() -> None:
    average = weekly_average()
    law = density_law(known=0.0, forwards=average.forwards[0], variances=average.variances[0])
    calls = law.calls(column(82.0))
    delta = (calls.value - 82.0 * calls.slope) / 80.0
    assert delta[0, 0] == pytest.approx(0.461627, abs=1e-6)
    assert 82.0**2 * calls.curvature[0, 0] / 80.0**2 == pytest.approx(0.039366, abs=2e-5)
    assert calls.log_vega[0, 0] / 0.3 == pytest.approx(13.4407, abs=1e-4)


def test_its_quantiles_have_their_probabilities() -> None:
    average = weekly_average(volatility=0.9)
    law = law_of(average.forwards[0], average.variances[0], known=3.0)
    chances = np.array([1e-4, 0.01, 0.5, 0.99, 0.9999])
    found = law.survey(column(80.0), chances).quantiles
    assert 1.0 + law.calls(found[None]).slope[0] == pytest.approx(chances, abs=1e-12)
