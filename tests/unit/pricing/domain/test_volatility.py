"""Synthetic series whose volatility is known, for every rule of the estimator."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import log, sqrt

import numpy as np
import pytest

from services.kernel.period import Period
from services.pricing.domain.price_point import DayFigures, PriceQuality
from services.pricing.domain.volatility import (
    QUOTING_FLOOR,
    TooFewPrices,
    Volatility,
    VolatilityMethod,
    estimate_volatility,
)
from tests.builders.pricing import CEA, calendar

THREE_YEARS = Period(date(2022, 1, 1), date(2025, 1, 1))
DAYS = calendar().trading_days(THREE_YEARS)
A_DAY = 1 / sqrt(len(DAYS) / 3)


def estimated(moves: Sequence[float], *, stale: Sequence[int] = ()) -> Volatility:
    """Estimate from moves day by day; on stale days the close before is carried on."""
    prices = 50 * np.exp(np.cumsum([0.0, *moves]))
    days: list[DayFigures] = []
    for index, (day, price) in enumerate(zip(DAYS, prices, strict=False)):
        carried = index in stale
        close = days[-1].close if carried else Decimal(f"{price:.6f}")
        days.append(
            DayFigures(
                date=day,
                close=close,
                quality=PriceQuality.FINAL,
                volume_tonnes=0 if carried else 1_000,
            )
        )
    return estimate_volatility(series=CEA, days=days)


def chance(sigma: float, *, correlation: float = 0.0, seed: int = 7) -> list[float]:
    """Draw daily moves of a yearly volatility, each correlated with the one before."""
    drawn = np.random.default_rng(seed).normal(size=len(DAYS) - 1)
    shocks = drawn / np.sqrt(np.mean(drawn**2)) * sigma * A_DAY  # of that size in the sample too
    moves = [float(shocks[0])]
    for shock in shocks[1:]:
        moves.append(correlation * moves[-1] + sqrt(1 - correlation**2) * float(shock))
    return moves


def near(figure: Decimal, expected: float, *, within: float) -> bool:
    return abs(float(figure) / expected - 1) < within


def test_finds_the_volatility_of_independent_moves() -> None:
    found = estimated(chance(0.30))
    assert near(found.close_to_close, 0.30, within=0.05)
    assert near(found.ewma, 0.30, within=0.15)
    assert near(found.long_run, 0.30, within=0.20)
    assert found.observations == len(DAYS) - 1
    assert found.jump_share < Decimal("0.02")


def test_alternating_steps_of_one_size_have_the_volatility_of_their_size() -> None:
    step = log(1.01)
    found = estimated([step if index % 2 else -step for index in range(len(DAYS) - 1)])
    years = (DAYS[-1] - DAYS[0]).days / 365
    expected = sqrt((len(DAYS) - 1) * step**2 / years)
    assert near(found.close_to_close, expected, within=1e-4)
    assert found.long_run < found.close_to_close / 4


@pytest.mark.parametrize("correlation", [-0.6, -0.3, 0.3, 0.6])
def test_the_long_run_feels_swings_less_and_trends_more(correlation: float) -> None:
    """A first-order autocorrelation r multiplies the variance over weeks by (1 + r) / (1 - r)."""
    found = estimated(chance(0.30, correlation=correlation))
    expected = 0.30 * sqrt((1 + correlation) / (1 - correlation))
    assert near(found.close_to_close, 0.30, within=0.08)
    assert near(found.long_run, expected, within=0.25)


def test_days_without_trading_are_left_out_and_not_filled() -> None:
    moves = chance(0.30)
    stale = range(1, len(DAYS) - 1, 2)
    whole, thinned = estimated(moves), estimated(moves, stale=stale)
    assert thinned.stale_days == len(stale)
    assert thinned.observations == len(DAYS) - 1 - len(stale)
    assert near(thinned.close_to_close, float(whole.close_to_close), within=0.08)


def test_jumps_are_cut_and_told_apart() -> None:
    calm = chance(0.20)
    torn = list(calm)
    torn[100] += 0.25
    torn[400] -= 0.25
    found = estimated(torn)
    assert near(found.close_to_close, float(estimated(calm).close_to_close), within=0.05)
    assert found.jumps >= 2
    squares = sum(move**2 for move in torn)
    assert near(found.jump_share, 2 * 0.25**2 / squares, within=0.15)


def test_cuts_no_move_to_something_larger() -> None:
    steady = estimated([0.01] * 116)  # so steady that weekends, at less a day, stand out
    assert (steady.jumps, steady.jump_share) == (0, Decimal(0))
    years = (DAYS[116] - DAYS[0]).days / 365
    assert float(steady.close_to_close) == pytest.approx(0.01 * sqrt(116 / years), abs=2e-5)


def test_newer_moves_weigh_more_where_asked() -> None:
    half = (len(DAYS) - 1) // 2
    moves = chance(0.10)[:half] + chance(0.40)[half:]
    found = estimated(moves)
    assert found.close_to_close < Decimal("0.33") < found.ewma


def test_quotes_with_the_largest_of_long_run_recent_and_floor() -> None:
    calm, wild = estimated(chance(0.05)), estimated(chance(0.45))
    assert calm.by(VolatilityMethod.QUOTING) == QUOTING_FLOOR
    assert wild.quoting == max(wild.long_run, wild.recent)


def test_a_price_that_never_moves_has_no_volatility_and_no_jumps() -> None:
    found = estimated([0.0] * 60)
    assert found.close_to_close == found.long_run == found.jump_share == Decimal(0)
    assert found.quoting == QUOTING_FLOOR


def test_refuses_to_tell_from_too_few_moves() -> None:
    assert estimated(chance(0.30)[:20]).observations == 20
    with pytest.raises(TooFewPrices, match="at least 20"):
        estimated(chance(0.30)[:19])


def test_refuses_an_empty_span() -> None:
    with pytest.raises(TooFewPrices, match=r"0 move\(s\)"):
        estimate_volatility(series=CEA, days=[])
