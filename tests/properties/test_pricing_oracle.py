"""The pricer agrees with prices found by other means: integrals, paths, and the audit pricer."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from services.kernel.instrument import GuaranteeSide
from services.kernel.money import money
from services.pricing.domain.guarantee.average import Averages
from services.pricing.domain.guarantee.batch import break_even_many, price_many
from services.pricing.domain.guarantee.density import density_law
from services.pricing.domain.guarantee.inquiry import (
    Execution,
    ForwardPoint,
    GuaranteeInquiry,
    Outlook,
    PlannedDelivery,
    VolatilityPoint,
)
from services.pricing.domain.guarantee.laws import laws_of
from services.pricing.domain.guarantee.promise import PromiseTerms, promises_of
from services.pricing.domain.guarantee.quote import quote_guarantee
from services.pricing.domain.guarantee.risk import price_promise
from tests.builders.guarantee import column, promise, random_averages
from tests.oracle.promises import averages_on_paths, call_on_three, house_profit, tail_of

WITHIN = 5e-4
"""What the default pricer may err by below 45 % of volatility at prices of 80, CNY per tonne."""

WORST_TOLD = [
    ([3.46, 43.33, 3.39, 8.75, 16.78, 5.51], [0.0217, 0.0313, 0.0666, 0.1746, 0.2487, 0.2764]),
    ([29.71, 15.31, 11.3, 22.27], [0.0215, 0.0218, 0.1158, 0.2264]),
    ([16.17, 7.56], [0.0055, 0.1847]),
    ([38.93, 35.11, 6.44], [0.0167, 0.2261, 0.2848]),
    ([54.5, 27.63], [0.0143, 0.1636]),
]
"""Weights times forwards, and variances, of a kind that conditioning finds hard."""


def three(seed: int, count: int) -> Averages:
    return random_averages(count, 3, seed=seed)


def one(averages: Averages, row: int) -> tuple[float, np.ndarray, np.ndarray]:
    return float(averages.known[row]), averages.forwards[row], averages.variances[row]


def test_agrees_with_plain_integrals_over_three_fixings() -> None:
    averages, count = three(31, 20), 20
    strikes = averages.known + averages.forwards.sum(axis=1) * np.linspace(0.85, 1.2, count)
    ours = price_many(averages=averages, strikes=strikes).call
    for row in range(count):
        exact = call_on_three(*one(averages, row), float(strikes[row]))
        audit = density_law(
            known=float(averages.known[row]),
            forwards=averages.forwards[row],
            variances=averages.variances[row],
            with_vega=False,
        )
        assert ours[row] == pytest.approx(exact, abs=WITHIN)
        assert float(audit.calls(column(strikes[row])).value[0, 0]) == pytest.approx(
            exact, abs=1e-6
        )


@pytest.mark.parametrize("fixings", [2, 3, 4, 6, 12, 26])
def test_agrees_with_the_audit_pricer_at_every_strike(fixings: int) -> None:
    averages = random_averages(120, fixings, seed=100 + fixings)
    laws = laws_of(averages)
    away = np.linspace(-2.5, 2.5, 9)
    strikes = laws.expected[:, None] + laws.spread[:, None] * away
    ours = laws.calls(strikes).value
    for row in range(120):
        known, forwards, variances = one(averages, row)
        audit = density_law(known=known, forwards=forwards, variances=variances, with_vega=False)
        assert ours[row] == pytest.approx(audit.calls(strikes[row][None]).value[0], abs=WITHIN)


@pytest.mark.parametrize(("forwards", "variances"), WORST_TOLD)
def test_agrees_with_the_audit_pricer_where_conditioning_is_hard(
    forwards: list[float], variances: list[float]
) -> None:
    averages = Averages(
        known=np.zeros(1),
        forwards=np.array([forwards]),
        variances=np.array([variances]),
        levels=np.full(1, 80.0),
        volatilities=np.full(1, 0.4),
    )
    laws = laws_of(averages)
    strikes = laws.expected[:, None] + laws.spread[:, None] * np.linspace(-2.5, 2.5, 21)
    audit = density_law(
        known=0.0, forwards=averages.forwards[0], variances=averages.variances[0], with_vega=False
    )
    assert laws.calls(strikes).value[0] == pytest.approx(audit.calls(strikes).value[0], abs=WITHIN)


TERMS = [
    (promise(("4", "0.2"), "0.6"), ((4.0, 0.2), (1e9, 0.6)), 1e9),
    (promise(("4", "0.2"), "0.6", cap="6"), ((4.0, 0.2), (1e9, 0.6)), 6.0),
    (promise("0.3", side=GuaranteeSide.SALE, cap="5"), ((1e9, 0.3),), 5.0),
    (promise(side=GuaranteeSide.SALE), (), 1e9),
]


@pytest.mark.parametrize(("terms", "tiers", "cap"), TERMS)
@pytest.mark.parametrize("row", range(4))
def test_agrees_with_plain_paths(
    terms: PromiseTerms, tiers: tuple[tuple[float, float], ...], cap: float, row: int
) -> None:
    averages = random_averages(4, 12, seed=77)
    known, forwards, variances = one(averages, row)
    promises = promises_of([terms])
    mean = known + float(forwards.sum())
    price = mean + (1.5 if row % 2 else -1.0)
    law = laws_of(averages.take(slice(row, row + 1))).only(0)
    priced = price_promise(law=law, promises=promises, price=price)
    ends = averages_on_paths(known, forwards, variances, seed=row)
    side = int(promises.side[0])
    profits = house_profit(ends, side=side, price=price, tiers=tiers, cap=cap)
    tail = tail_of(profits)
    assert priced.expectation == pytest.approx(profits.mean(), abs=4e-3)
    assert priced.probability_of_loss == pytest.approx((profits < 0.0).mean(), abs=2e-3)
    assert priced.value_at_risk == pytest.approx(tail.edge, abs=0.12)
    assert priced.conditional_value_at_risk == pytest.approx(tail.mean, abs=0.12)


def test_breaks_even_on_plain_paths() -> None:
    averages = random_averages(4, 6, seed=78)
    terms, tiers, cap = TERMS[1]
    prices = break_even_many(averages=averages, promises=promises_of([terms] * 4))
    for row, price in enumerate(prices.tolist()):
        ends = averages_on_paths(*one(averages, row), seed=row)
        profits = house_profit(ends, side=1, price=price, tiers=tiers, cap=cap)
        assert float(profits.mean()) == pytest.approx(0.0, abs=4e-3)


START = date(2025, 1, 6)
DAYS = (date(2025, 1, 20), date(2025, 3, 3), date(2025, 4, 30), date(2025, 6, 30), date(2025, 9, 1))
TONNES = (500, 2_000, 1_500, 4_000, 1_000)
CURVE = ((date(2025, 2, 3), 78.0), (date(2025, 5, 6), 81.5), (date(2025, 8, 1), 84.0))
TERM = ((date(2025, 3, 1), 0.22), (date(2025, 7, 1), 0.30))


def curve_price(day: date) -> float:
    """Go along straight lines of logarithms between the days of the curve, level outside."""
    if day <= CURVE[0][0]:
        return CURVE[0][1]
    for (first, low), (last, high) in pairwise(CURVE):
        if day <= last:
            part = (day - first).days / (last - first).days
            return float(low ** (1.0 - part) * high**part)
    return CURVE[-1][1]


def total_variance(day: date) -> float:
    """Let variance grow evenly between the days of the term, at a level volatility outside."""
    days, (first, low), (last, high) = (day - START).days, TERM[0], TERM[1]
    until = [(first - START).days, (last - START).days]
    if days <= until[0]:
        return low**2 * days / 365
    if days > until[1]:
        return high**2 * days / 365
    part = (days - until[0]) / (until[1] - until[0])
    return ((1.0 - part) * low**2 * until[0] + part * high**2 * until[1]) / 365


def test_quotes_what_plain_paths_over_calendar_days_earn() -> None:
    done, paid = 3_000, 231_000.0
    inquiry = GuaranteeInquiry(
        terms=TERMS[1][0],
        deliveries=tuple(map(PlannedDelivery, DAYS, TONNES)),
        outlook=Outlook(
            forward_curve=tuple(ForwardPoint(day, Decimal(str(price))) for day, price in CURVE),
            volatility_term=tuple(VolatilityPoint(day, Decimal(str(v))) for day, v in TERM),
        ),
        valuation_date=START,
        executed=(Execution(done, money("231000.00")),),
        pay_date=date(2025, 12, 31),
        discount_rate=Decimal("0.03"),
        promised_price=Decimal(80),
    )
    quote = quote_guarantee(inquiry=inquiry)
    total = done + sum(TONNES)
    prices = np.array([curve_price(day) for day in DAYS])
    ends = averages_on_paths(
        paid / total,
        np.array(TONNES) / total * prices,
        np.array([total_variance(day) for day in DAYS]),
        seed=5,
    )
    profits = house_profit(ends, side=1, price=80.0, tiers=TERMS[1][1], cap=TERMS[1][2])
    discount = np.exp(-0.03 * (date(2025, 12, 31) - START).days / 365)
    assert float(quote.expected_average) == pytest.approx(ends.mean(), abs=2e-3)
    assert float(quote.value_per_tonne) == pytest.approx(discount * profits.mean(), abs=3e-3)
    assert float(quote.var_99) == pytest.approx(tail_of(profits).edge, abs=0.05)
    assert float(quote.probability_of_loss) == pytest.approx((profits < 0.0).mean(), abs=2e-3)
