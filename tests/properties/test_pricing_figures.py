"""What holds of volatilities, transfer prices and replays, whatever the prices."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from services.kernel.gain_share import GainShareTier
from services.kernel.instrument import GuaranteeSide, InstrumentKind
from services.kernel.money import from_minor, money, zero
from services.kernel.period import Period
from services.pricing.domain.average_price import AverageKind, average_price
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.price_point import DayFigures, PriceQuality
from services.pricing.domain.promise_rule import promise_fixed
from services.pricing.domain.replay import Replayed, replay
from services.pricing.domain.replay_plan import ReplayTerms, ReplayWindow, traded
from services.pricing.domain.transfer_price import (
    MarketOfTransfers,
    TransferMethod,
    TransferTerms,
    transfer_price,
)
from services.pricing.domain.volatility import estimate_volatility
from tests.builders.pricing import CEA, calendar, figures, market, recorded

QUARTER = Period(date(2025, 1, 1), date(2025, 4, 1))
DAYS = calendar().trading_days(QUARTER)
PRICE = st.decimals(Decimal("1.00"), Decimal("500.00"), places=2)
CLOSES = st.lists(PRICE, min_size=21, max_size=len(DAYS))
STEPS = st.lists(st.integers(-9, 9), min_size=len(DAYS) - 1, max_size=len(DAYS) - 1)


def days_at(closes: list[Decimal]) -> list[DayFigures]:
    return [figures(str(day), f"{close}") for day, close in zip(DAYS, closes, strict=False)]


def walked(steps: list[int]) -> list[DayFigures]:
    """Walk by hundredths of the price from 80, to the fen."""
    closes = [Decimal("80.00")]
    for step in steps:
        closes.append(round(closes[-1] * (1 + Decimal(step) / 100), 2))
    return days_at(closes)


@given(closes=CLOSES)
def test_a_volatility_does_not_depend_on_the_level_of_prices(closes: list[Decimal]) -> None:
    found = estimate_volatility(series=CEA, days=days_at(closes))
    doubled = estimate_volatility(series=CEA, days=days_at([2 * close for close in closes]))
    assert abs(found.close_to_close - doubled.close_to_close) <= Decimal("0.000002")
    assert abs(found.long_run - doubled.long_run) <= Decimal("0.000002")


@given(closes=CLOSES)
def test_a_volatility_and_its_jump_share_stay_in_bounds(closes: list[Decimal]) -> None:
    found = estimate_volatility(series=CEA, days=days_at(closes))
    assert min(found.close_to_close, found.ewma, found.long_run, found.recent) >= 0
    assert 0 <= found.jump_share <= 1
    assert found.quoting >= max(found.long_run, found.recent)


@settings(deadline=None)
@given(
    steps=STEPS,
    method=st.sampled_from(TransferMethod),
    stale=st.booleans(),
    amount=st.integers(1, 10**9),
)
def test_a_transfer_price_lies_within_the_bounds_of_the_market(
    steps: list[int], method: TransferMethod, *, stale: bool, amount: int
) -> None:
    days = walked(steps)
    tonnes = 0 if stale else 10_000
    days[-1] = replace(days[-1], volume_tonnes=tonnes, amount=from_minor(amount))
    found = transfer_price(
        day=days[-1].date,
        market=MarketOfTransfers(
            kind=InstrumentKind.CEA,
            series={CEA: recorded(*days)},
            rules=market(),
            calendar=calendar(),
        ),
        terms=TransferTerms(method=method),
    )
    assert found.lowest_price is not None
    assert found.highest_price is not None
    assert found.lowest_price <= found.price <= found.highest_price
    assert (days[-1].date in found.days) is not stale


def replayed(closes: list[Decimal], promised: Decimal, tonnes: int, terms: ReplayTerms) -> Replayed:
    days, window = days_at(closes), ReplayWindow(QUARTER, tonnes)
    return replay(
        window,
        terms=terms,
        promise=promise_fixed(promised),
        trades=traded(window, terms=terms, days=days, series=CEA),
        benchmark=average_price(kind=AverageKind.TWAP, series=CEA, days=days, trading_days=DAYS),
    )


@given(
    closes=CLOSES,
    promised=PRICE,
    tonnes=st.integers(1, 10_000_000),
    side=st.sampled_from(GuaranteeSide),
    share=st.decimals(0, 1, places=2),
    cap=st.none() | st.decimals(0, 50, places=2),
)
def test_a_replay_adds_up_and_even_trading_has_no_skill(
    closes: list[Decimal],
    promised: Decimal,
    tonnes: int,
    side: GuaranteeSide,
    share: Decimal,
    cap: Decimal | None,
) -> None:
    promise = PromiseTerms(
        side=side, gain_share_tiers=(GainShareTier(None, share),), loss_cap_per_tonne=cap
    )
    found = replayed(closes, promised, tonnes, ReplayTerms(promise=promise))
    assert found.drift + found.skill == found.gain
    assert found.house == found.gain + found.relief - found.share
    assert found.customer == -found.house
    assert abs(found.skill) <= money("0.01")
    assert found.share >= zero()
    assert found.relief >= zero()
    assert found.promise.price == promised
    assert found.benchmark.lowest_quality is PriceQuality.FINAL
