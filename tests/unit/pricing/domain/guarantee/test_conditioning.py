"""The default pricer against closed forms, the audit pricer and its own greeks."""

import numpy as np
import pytest
from scipy.special import ndtr

from services.pricing.domain.guarantee.average import Averages
from services.pricing.domain.guarantee.batch import price_many
from services.pricing.domain.guarantee.conditioning import ConditionedLaws, conditioned_laws
from services.pricing.domain.guarantee.density import density_law
from tests.builders.guarantee import column, random_averages, weekly_average


def laws(averages: Averages) -> ConditionedLaws:
    return conditioned_laws(
        known=averages.known, forwards=averages.forwards, variances=averages.variances
    )


def black(forward: float, strike: float, deviation: float) -> float:
    first = np.log(forward / strike) / deviation + deviation / 2.0
    return float(forward * ndtr(first) - strike * ndtr(first - deviation))


def test_gives_the_greeks_of_the_worked_example() -> None:
    figures = price_many(averages=weekly_average(), strikes=np.array([82.0]))
    assert figures.delta[0] == pytest.approx(0.461627, abs=1e-5)
    assert figures.gamma[0] == pytest.approx(0.039366, abs=2e-5)
    assert figures.vega[0] == pytest.approx(13.4407, abs=2e-4)


@pytest.mark.parametrize("strike", [40.0, 70.0, 80.0, 82.0, 120.0])
def test_prices_one_fixing_by_black(strike: float) -> None:
    one = weekly_average(fixings=1)
    value = laws(one).calls(column(strike)).value[0, 0]
    forward = float(one.forwards[0, 0])
    assert value == pytest.approx(black(forward, strike, 0.3 / np.sqrt(52)), abs=1e-12)


def test_adds_what_is_known_to_the_strike() -> None:
    half = weekly_average(fixings=13, known=37.5, part=0.5)
    rest = weekly_average(fixings=13, part=0.5)
    value = laws(half).calls(column(78.0)).value
    assert value == pytest.approx(laws(rest).calls(column(78.0 - 37.5)).value, abs=1e-12)


def test_is_exact_where_the_known_part_exceeds_the_strike() -> None:
    half = weekly_average(fixings=13, known=37.5, part=0.5)
    calls = laws(half).calls(column(30.0, 37.5))
    assert calls.value[0] == pytest.approx(half.known[0] + half.forwards.sum() - [30.0, 37.5])
    assert calls.slope[0].tolist() == [-1.0, -1.0]
    assert calls.curvature[0].tolist() == [0.0, 0.0]


def test_prices_equal_fixings_of_one_day_as_one() -> None:
    once = weekly_average(fixings=2)
    forwards = np.concatenate([once.forwards[:, :1] / 2] * 2 + [once.forwards[:, 1:]], axis=1)
    variances = once.variances[:, [0, 0, 1]]
    split = conditioned_laws(known=once.known, forwards=forwards, variances=variances)
    strikes = column(75.0, 82.0)
    assert split.calls(strikes).value == pytest.approx(laws(once).calls(strikes).value, abs=1e-12)


def test_does_not_see_fixings_of_no_weight() -> None:
    plain = weekly_average()
    forwards = np.concatenate([plain.forwards, np.zeros((1, 4))], axis=1)
    variances = np.concatenate([plain.variances, plain.variances[:, -1:].repeat(4, 1)], axis=1)
    padded = conditioned_laws(known=plain.known, forwards=forwards, variances=variances)
    strikes = column(75.0, 82.0)
    assert padded.calls(strikes).value == pytest.approx(laws(plain).calls(strikes).value, abs=1e-12)


def test_stays_at_its_limits_however_far_the_strike() -> None:
    calls = laws(weekly_average()).calls(column(1e-6, 1.0, 1e4, 1e9))
    expected = float(weekly_average().forwards.sum())
    assert calls.value[0] == pytest.approx([expected - 1e-6, expected - 1.0, 0.0, 0.0], abs=1e-9)
    assert calls.slope[0] == pytest.approx([-1.0, -1.0, 0.0, 0.0], abs=1e-9)


def test_is_close_to_the_intrinsic_value_where_nothing_moves() -> None:
    still = weekly_average(volatility=0.0)
    expected = float(still.forwards.sum())
    value = laws(still).calls(column(75.0, expected, 85.0)).value[0]
    assert value == pytest.approx([expected - 75.0, 0.0, 0.0], abs=1e-8)


def test_takes_a_fixing_of_today_as_known() -> None:
    weekly = weekly_average(fixings=4)
    forwards = np.concatenate([[[20.0]], 0.75 * weekly.forwards], axis=1)
    variances = np.concatenate([[[0.0]], weekly.variances], axis=1)
    today = conditioned_laws(known=np.zeros(1), forwards=forwards, variances=variances)
    known = conditioned_laws(
        known=np.array([20.0]), forwards=0.75 * weekly.forwards, variances=weekly.variances
    )
    strikes = column(75.0, 80.0, 85.0)
    assert today.calls(strikes).value == pytest.approx(known.calls(strikes).value, abs=1e-9)


def test_its_slopes_are_those_of_its_values() -> None:
    law, bump = laws(weekly_average()), 1e-3
    strikes = np.linspace(60.0, 98.0, 20)
    calls = law.calls(strikes[None])
    up, down = (law.calls(column(*(strikes + by))).value for by in (bump, -bump))
    assert (up - down) / (2 * bump) == pytest.approx(calls.slope, abs=1e-8)
    assert (up - 2 * calls.value + down) / bump**2 == pytest.approx(calls.curvature, abs=1e-6)


def test_its_vegas_are_those_of_its_values() -> None:
    averages, bump = random_averages(200, 8, seed=11), 1e-4
    strikes = (averages.known + averages.forwards.sum(axis=1))[:, None] * [[0.92, 1.0, 1.07]]

    def moved(by: float) -> ConditionedLaws:
        return conditioned_laws(
            known=averages.known,
            forwards=averages.forwards,
            variances=averages.variances * (1.0 + by) ** 2,
        )

    slope = (moved(bump).calls(strikes).value - moved(-bump).calls(strikes).value) / (2 * bump)
    given = laws(averages).calls(strikes).log_vega
    smooth = laws(averages).asymmetry == 0.0
    assert smooth.sum() > 50
    assert given[smooth] == pytest.approx(slope[smooth], abs=2e-5)
    assert given == pytest.approx(slope, abs=5e-3)


@pytest.mark.parametrize("strike", [70.0, 80.0, 95.0])
def test_approaches_to_the_same_price(strike: float) -> None:
    law = laws(weekly_average())
    nearby = law.approach(column(strike - 0.4), after=None)
    for after in (None, nearby, law.approach(column(60.0), after=None)):
        found = law.approach(column(strike), after=after)
        assert found.value == pytest.approx(law.calls(column(strike)).value, abs=1e-6)


def test_finds_the_quantiles_of_the_audit_pricer() -> None:
    average, chances = weekly_average(), np.array([0.01, 0.1, 0.5, 0.9, 0.99])
    audit = density_law(
        known=0.0, forwards=average.forwards[0], variances=average.variances[0], with_vega=False
    )
    default = laws(average).survey(column(80.0), chances)
    exact = audit.survey(column(80.0), chances)
    assert default.quantiles == pytest.approx(exact.quantiles, abs=5e-3)
    assert default.calls_at_quantiles == pytest.approx(exact.calls_at_quantiles, abs=5e-3)


def test_agrees_with_the_audit_pricer_on_random_contracts() -> None:
    averages = random_averages(60, 13, seed=7)
    strikes = (averages.known + averages.forwards.sum(axis=1))[:, None] * [[0.9, 1.0, 1.1]]
    default = laws(averages).calls(strikes).value
    for row in range(60):
        audit = density_law(
            known=float(averages.known[row]),
            forwards=averages.forwards[row],
            variances=averages.variances[row],
            with_vega=False,
        )
        assert default[row] == pytest.approx(audit.calls(strikes[row : row + 1]).value[0], abs=5e-4)
