"""What holds of prices of averages whatever the contract: on 100,000 random ones at once.

They have uneven weights and days, up to a year and a half, any part executed, and a volatility
below 45 %.
"""

from functools import cache

import numpy as np
import pytest

from services.kernel.gain_share import GainShareTier
from services.kernel.instrument import GuaranteeSide
from services.pricing.domain.guarantee.arrays import Floats
from services.pricing.domain.guarantee.average import Averages
from services.pricing.domain.guarantee.batch import (
    OptionFigures,
    break_even_many,
    price_many,
    value_many,
)
from services.pricing.domain.guarantee.decimals import to_decimal
from services.pricing.domain.guarantee.density import density_law
from services.pricing.domain.guarantee.promise import Promises, PromiseTerms, promises_of
from tests.builders.guarantee import random_averages, scaled

COUNT, FIXINGS, NOISE = 100_000, 12, 1e-9


@cache
def averages() -> Averages:
    return random_averages(COUNT, FIXINGS, seed=20250106)


@cache
def expected() -> Floats:
    total: Floats = averages().known + averages().forwards.sum(axis=1)
    return total


@cache
def strikes() -> Floats:
    return expected() * np.random.default_rng(1).uniform(0.6, 1.5, COUNT)


@cache
def figures() -> OptionFigures:
    return price_many(averages=averages(), strikes=strikes())


def promises(shares: Floats, side: GuaranteeSide, rows: int) -> Promises:
    tiers = [(GainShareTier(None, to_decimal(share)),) for share in shares[:rows].tolist()]
    return promises_of([PromiseTerms(side=side, gain_share_tiers=each) for each in tiers])


def test_a_call_lies_between_its_intrinsic_value_and_what_is_open() -> None:
    call = figures().call
    assert (call >= np.maximum(expected() - strikes(), 0.0) - NOISE).all()
    most = np.maximum(expected() - averages().known, expected() - strikes())
    assert (call <= most + NOISE).all()


def test_a_call_less_a_put_is_the_forward() -> None:
    parity = figures().call - figures().put - (expected() - strikes())
    assert np.abs(parity).max() < NOISE
    assert (figures().put >= 0.0).all()


def test_averaging_costs_no_more_than_fixing_all_on_the_last_day() -> None:
    law = averages()
    last = Averages(
        known=law.known,
        forwards=law.forwards.sum(axis=1)[:, None],
        variances=law.variances[:, -1:],
        levels=law.levels,
        volatilities=law.volatilities,
    )
    assert (figures().call <= price_many(averages=last, strikes=strikes()).call + 1e-6).all()


def test_a_higher_strike_costs_less_and_never_more_than_its_difference() -> None:
    higher = price_many(averages=averages(), strikes=strikes() + 0.25).call
    assert (higher <= figures().call + NOISE).all()
    assert (figures().call - higher <= 0.25 + NOISE).all()


def test_the_mean_of_two_strikes_costs_at_most_the_mean() -> None:
    low, high = (price_many(averages=averages(), strikes=strikes() + by).call for by in (-0.5, 0.5))
    assert (2.0 * figures().call <= low + high + 1e-7).all()


def test_prices_are_in_proportion_to_the_unit_of_money() -> None:
    fen = price_many(averages=scaled(averages(), 100.0), strikes=100.0 * strikes())
    assert np.abs(fen.call / 100.0 - figures().call).max() < NOISE
    assert np.abs(fen.delta - figures().delta).max() < 1e-8
    assert np.abs(fen.gamma * 100.0 - figures().gamma).max() < 1e-6


def test_greeks_have_their_signs() -> None:
    assert (figures().delta >= -NOISE).all()
    assert (figures().gamma >= -NOISE).all()
    assert (figures().vega >= -NOISE).all()


@pytest.mark.parametrize("side", list(GuaranteeSide))
def test_sharing_more_moves_the_break_even_price_away(side: GuaranteeSide) -> None:
    rows = 5_000
    law, shares = averages().take(slice(rows)), np.random.default_rng(2).uniform(0.0, 0.9, rows)
    sign = 1.0 if side is GuaranteeSide.PURCHASE else -1.0
    less = break_even_many(averages=law, promises=promises(shares, side, rows))
    more = break_even_many(averages=law, promises=promises(shares + 0.05, side, rows))
    assert (sign * (less - expected()[:rows]) >= -1e-7).all()
    assert (sign * (more - less) >= -1e-7).all()


@pytest.mark.parametrize("side", list(GuaranteeSide))
def test_the_house_expects_nothing_at_the_break_even_price(side: GuaranteeSide) -> None:
    rows = 5_000
    law, shares = averages().take(slice(rows)), np.random.default_rng(3).uniform(0.0, 0.95, rows)
    cut = promises(shares, side, rows)
    prices = break_even_many(averages=law, promises=cut)
    worth = value_many(averages=law, promises=cut, prices=prices).value
    assert np.abs(worth).max() < 1e-5


def test_a_better_price_is_worth_more_but_not_more_than_itself() -> None:
    rows = 5_000
    law, shares = averages().take(slice(rows)), np.random.default_rng(4).uniform(0.0, 1.0, rows)
    cut = promises(shares, GuaranteeSide.PURCHASE, rows)
    low, high = (
        value_many(averages=law, promises=cut, prices=expected()[:rows] + by).value
        for by in (0.0, 0.5)
    )
    assert (high - low >= 0.5 * (1.0 - shares) - 1e-6).all()
    assert (high - low <= 0.5 + 1e-6).all()


def test_agrees_with_the_audit_pricer() -> None:
    worst = 0.0
    for row in range(0, COUNT, COUNT // 150):
        law = density_law(
            known=float(averages().known[row]),
            forwards=averages().forwards[row],
            variances=averages().variances[row],
            with_vega=False,
        )
        exact = law.calls(strikes()[None, row : row + 1]).value[0, 0]
        worst = max(worst, abs(float(figures().call[row]) - float(exact)))
    assert worst < 5e-4
