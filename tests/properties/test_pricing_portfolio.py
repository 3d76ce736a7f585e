"""What holds of custody plans and of many promises together, whatever the figures."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.bootstrap.exchange import trading_calendar
from services.kernel.gain_share import GainShareTier, shared_gain
from services.kernel.instrument import GuaranteeSide
from services.pricing.domain.guarantee.inquiry import PlannedDelivery
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.portfolio.position import OpenPosition, PromisedFrom
from services.pricing.domain.portfolio.schedule import on_days, summed_payoff
from services.pricing.domain.quoting.custody import CustodyTerms, sale_plan
from tests.builders.portfolio import DAY, a_position

_TONNES = st.integers(1, 50_000)
_DELIVERIES = st.lists(
    st.builds(PlannedDelivery, st.integers(0, 200).map(lambda n: DAY + timedelta(days=n)), _TONNES),
    min_size=1,
    max_size=12,
)
_SHARES = st.sampled_from(["0", "0.2", "0.5", "0.8"]).map(Decimal)
_TERMS = st.builds(
    lambda side, low, high, cap: PromiseTerms(
        side=side,
        gain_share_tiers=(GainShareTier(Decimal(5), low), GainShareTier(None, high)),
        loss_cap_per_tonne=cap,
    ),
    st.sampled_from(GuaranteeSide),
    _SHARES,
    _SHARES,
    st.sampled_from([None, Decimal(0), Decimal(3), Decimal(10)]),
)
_POSITIONS = st.builds(
    lambda terms, price, volume, part, paid: a_position(
        1,
        terms=terms,
        volume_tonnes=volume,
        promised_prices=(PromisedFrom(DAY, Decimal(price)),),
        delivered_tonnes=volume * part // 4,
        delivered_amount=Decimal(paid) * (volume * part // 4),
        promised_amount=Decimal(price) * (volume * part // 4),
    ),
    _TERMS,
    st.integers(60, 100),
    _TONNES,
    st.integers(0, 4),
    st.integers(50, 110),
)


def house(position: OpenPosition, average: Decimal) -> Decimal:
    """What the house keeps if the rest is traded at an average: as a settlement counts it."""
    rest, tonnes = position.remaining_tonnes, Decimal(position.volume_tonnes)
    amount = position.delivered_amount + rest * average
    promised = position.promised_amount + rest * position.promised_prices[0].price
    is_purchase = position.terms.side is GuaranteeSide.PURCHASE
    gain = promised - amount if is_purchase else amount - promised
    cap = position.terms.loss_cap_per_tonne
    borne = gain if cap is None else max(gain, -cap * tonnes)
    return borne - shared_gain(gain, tonnes=tonnes, tiers=position.terms.gain_share_tiers)


@given(_DELIVERIES, st.integers(0, 100_000), st.integers(500, 20_000), st.integers(0, 400))
def test_custody_sells_every_credit_once_on_days_that_take_it(
    deliveries: list[PlannedDelivery], cap: int, limit: int, executed: int
) -> None:
    terms = CustodyTerms(volume_cap_tonnes=cap and cap + executed, daily_limit_tonnes=limit)
    calendar = trading_calendar()
    plan = sale_plan(deliveries=deliveries, executed=executed, terms=terms, calendar=calendar)
    sold = sum(sale.planned_tonnes for sale in plan.sales)
    assert sold + plan.unpromised_tonnes == sum(each.planned_tonnes for each in deliveries)
    assert not cap or sold <= cap
    assert all(0 < sale.planned_tonnes <= limit for sale in plan.sales)
    assert all(calendar.is_trading_day(sale.date) for sale in plan.sales)
    days = [sale.date for sale in plan.sales]
    assert days == sorted(set(days))
    assert not days or days[0] >= min(each.date for each in deliveries)


@settings(max_examples=60)
@given(st.lists(_POSITIONS, min_size=1, max_size=8))
def test_many_promises_pay_together_what_a_settlement_says_of_each(
    positions: list[OpenPosition],
) -> None:
    averages = np.array([30.0, 61.5, 79.99, 80.0, 96.25, 140.0], dtype=np.float32)
    schedule = on_days(positions, (date(2025, 3, 3), date(2025, 4, 1)))
    together = summed_payoff(schedule).at(averages)
    tonnes = sum(position.volume_tonnes for position in positions)
    for average, paid in zip(averages.tolist(), together.tolist(), strict=True):
        exact = sum(house(position, Decimal(average)) for position in positions)
        assert abs(Decimal(paid) - exact) <= Decimal("0.0001") * tonnes
