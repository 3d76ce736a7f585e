"""QuantLib as an oracle, where it can serve: Black, the geometric average, and its simulation."""

import numpy as np
import pytest
import QuantLib as ql  # noqa: N813 - as its own documentation says it

from services.pricing.domain.guarantee.batch import price_many
from tests.builders.guarantee import weekly_average

_TODAY = ql.Date(6, 1, 2025)
_COUNT = ql.Actual365Fixed()


@pytest.fixture
def market() -> ql.BlackScholesMertonProcess:
    """Spot 80, volatility 30 %, carry 2 % as a yield paid out, so that nothing is discounted."""
    ql.Settings.instance().evaluationDate = _TODAY
    return ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(80.0)),
        ql.YieldTermStructureHandle(ql.FlatForward(_TODAY, -0.02, _COUNT)),
        ql.YieldTermStructureHandle(ql.FlatForward(_TODAY, 0.0, _COUNT)),
        ql.BlackVolTermStructureHandle(ql.BlackConstantVol(_TODAY, ql.NullCalendar(), 0.3, _COUNT)),
    )


def option(average: int, strike: float, fixings: int = 12) -> "ql.DiscreteAveragingAsianOption":
    dates = [_TODAY + 28 * month for month in range(1, fixings + 1)]
    payoff = ql.PlainVanillaPayoff(ql.Option.Call, strike)
    return ql.DiscreteAveragingAsianOption(
        average,
        0.0 if average == ql.Average.Arithmetic else 1.0,
        0,
        dates,
        payoff,
        ql.EuropeanExercise(dates[-1]),
    )


def ours(strike: float) -> float:
    years = np.arange(1, 13) * 28 / 365.0
    average = weekly_average(fixings=12)
    same = type(average)(
        known=average.known,
        forwards=(80.0 * np.exp(0.02 * years) / 12.0)[None],
        variances=0.09 * years[None],
        levels=average.levels,
        volatilities=average.volatilities,
    )
    return float(price_many(averages=same, strikes=np.array([strike])).call[0])


@pytest.mark.parametrize("strike", [70.0, 80.0, 90.0])
def test_is_within_the_error_of_moment_matching(
    market: ql.BlackScholesMertonProcess, strike: float
) -> None:
    asian = option(ql.Average.Arithmetic, strike)
    asian.setPricingEngine(ql.TurnbullWakemanAsianEngine(market))
    assert ours(strike) == pytest.approx(asian.NPV(), abs=0.11)
    assert abs(ours(strike) - asian.NPV()) > 1e-5, "it is an approximation, and not the same one"


@pytest.mark.parametrize("strike", [70.0, 80.0, 90.0])
def test_is_above_the_geometric_average(
    market: ql.BlackScholesMertonProcess, strike: float
) -> None:
    asian = option(ql.Average.Geometric, strike)
    asian.setPricingEngine(ql.AnalyticDiscreteGeometricAveragePriceAsianEngine(market))
    assert asian.NPV() < ours(strike) < asian.NPV() + 1.0


@pytest.mark.parametrize("strike", [75.0, 85.0])
def test_is_within_the_error_of_a_simulation(
    market: ql.BlackScholesMertonProcess, strike: float
) -> None:
    asian = option(ql.Average.Arithmetic, strike)
    engine = ql.MCDiscreteArithmeticAPEngine(
        market, "pseudorandom", controlVariate=True, requiredSamples=20_000, seed=42
    )
    asian.setPricingEngine(engine)
    assert ours(strike) == pytest.approx(asian.NPV(), abs=4.0 * asian.errorEstimate())
