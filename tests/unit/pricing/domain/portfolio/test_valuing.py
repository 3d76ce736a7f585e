from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from services.bootstrap.exchange import trading_calendar
from services.kernel.gain_share import GainShareTier
from services.kernel.instrument import GuaranteeSide, InstrumentKind
from services.kernel.money import round_money
from services.pricing.domain.guarantee.inquiry import (
    Execution,
    GuaranteeInquiry,
    Outlook,
    PlannedDelivery,
)
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.guarantee.quote import quote_guarantee
from services.pricing.domain.portfolio.position import OpenPosition, PromisedFrom
from services.pricing.domain.portfolio.risk import risk_of
from services.pricing.domain.portfolio.scenario import standard_scenarios
from services.pricing.domain.portfolio.schedule import on_days, summed_payoff
from services.pricing.domain.portfolio.valuation import Assumptions
from services.pricing.domain.portfolio.valuing import (
    Portfolio,
    portfolio_of,
    value_contracts,
    value_scenario,
    value_together,
)
from tests.builders.portfolio import DAY, FLOOR, HALF, a_market, a_position

CREDITS = InstrumentKind.CCER
TIERED = PromiseTerms(
    side=GuaranteeSide.PURCHASE,
    gain_share_tiers=(
        GainShareTier(Decimal(5), Decimal("0.3")),
        GainShareTier(None, Decimal("0.5")),
    ),
    loss_cap_per_tonne=Decimal(6),
)
DELIVERED = {
    "delivered_tonnes": 4_000,
    "delivered_amount": Decimal(300_000),
    "promised_amount": Decimal(328_000),
}


def portfolio(positions: Sequence[OpenPosition], **more: object) -> Portfolio:
    plain: dict[str, object] = {
        "markets": (a_market(), a_market(CREDITS, spot=Decimal(70))),
        "seed": 7,
        "path_count": 40_000,
    }
    assumptions = Assumptions(**{**plain, **more})  # type: ignore[arg-type]  # checked by the class
    return portfolio_of(
        positions=positions, as_of=DAY, assumptions=assumptions, calendar=trading_calendar()
    )


@pytest.mark.parametrize("terms", [HALF, TIERED, FLOOR])
@pytest.mark.parametrize("delivered", [{}, DELIVERED])
def test_values_a_contract_as_a_quote_does(
    terms: PromiseTerms, delivered: dict[str, object]
) -> None:
    book = portfolio([a_position(terms=terms, **delivered)])
    value = value_contracts(book)[0]
    quote = quote_guarantee(inquiry=_as_inquiry(book))
    tonnes = Decimal(10_000)
    assert abs(value.value.amount - quote.value_per_tonne * tonnes) < Decimal("0.6")
    assert abs(value.delta - quote.delta * tonnes) < Decimal("0.1")
    assert abs(value.vega - quote.vega * tonnes) < Decimal("0.1")
    assert abs(value.var_99.amount - quote.var_99 * tonnes) < 20
    assert abs(value.expected_average - quote.expected_average) < Decimal("0.00001")


def _as_inquiry(book: Portfolio) -> GuaranteeInquiry:
    """Ask for the quote of the one contract of a book; tonnes are weights, so all are scaled."""
    position, days = book.positions[0], book.groups[0][1].days
    done, market = position.delivered_tonnes * len(days), book.markets[position.kind]
    paid = round_money(position.delivered_amount * len(days))
    return GuaranteeInquiry(
        terms=position.terms,
        deliveries=tuple(PlannedDelivery(day, position.remaining_tonnes) for day in days),
        outlook=Outlook(
            spot=market.spot, carry_rate=market.carry_rate, volatility=market.volatility
        ),
        valuation_date=DAY,
        executed=(Execution(done, paid),) if done else (),
        promised_price=Decimal(82),
    )


def test_the_sum_of_payoffs_is_what_each_pays() -> None:
    positions = [
        a_position(1, terms=TIERED),
        a_position(2, terms=TIERED, **DELIVERED),
        a_position(3, volume_tonnes=4_000, **DELIVERED),
        a_position(4, promised_prices=(PromisedFrom(DAY, Decimal(78)),)),
    ]
    days = (date(2025, 3, 3), date(2025, 4, 1))
    averages = np.linspace(40, 130, 91, dtype=np.float32)
    together = summed_payoff(on_days(positions, days)).at(averages)
    apart = sum(summed_payoff(on_days([each], days)).at(averages) for each in positions)
    assert np.allclose(together, apart, rtol=0, atol=0.5)
    # Worked by hand at 80: 10,000 t at 82, the first 2.00 of gain shared at 30 %.
    first = summed_payoff(on_days(positions[:1], days)).at(np.array([80.0], dtype=np.float32))
    assert abs(first[0] - 10_000 * 2.0 * 0.7) < 0.5


def test_simulates_what_the_contracts_are_worth() -> None:
    book = portfolio(
        [a_position(number, terms=TIERED) for number in range(5)]
        + [a_position(9, kind=CREDITS, terms=FLOOR)]
    )
    values = value_contracts(book)
    figures = value_together(book, values)
    error = figures.risk.mean_error.amount
    assert abs(figures.value.amount - figures.risk.mean.amount) < 4 * error
    assert figures.value.amount == sum(value.value.amount for value in values)
    assert [each.kind for each in figures.instruments] == [InstrumentKind.CEA, CREDITS]
    assert figures.sale_tonnes == 10_000


def test_risks_of_contracts_do_not_add_up() -> None:
    both = [a_position(1), a_position(2, kind=CREDITS, terms=FLOOR)]
    book = portfolio(both)
    figures = value_together(book, value_contracts(book))
    alone = sum(each.risk.var_99.amount for each in figures.instruments)
    assert figures.risk.var_99.amount < alone


def test_a_promise_to_buy_and_one_to_sell_share_their_fate_when_prices_do() -> None:
    """A loss on dearer allowances meets a gain on dearer credits the more they move together."""
    book = portfolio([a_position(1), a_position(2, kind=CREDITS, terms=FLOOR)])
    apart, together = (
        value_scenario(book, scenario)
        for scenario in standard_scenarios([InstrumentKind.CEA, CREDITS])
        if scenario.correlation is not None
    )
    assert together.var_99 < apart.var_99


def test_moves_with_prices_and_volatility_as_it_should() -> None:
    book = portfolio([a_position(1)])
    figures = value_together(book, value_contracts(book))
    lower, higher, louder = (
        value_scenario(book, scenario) for scenario in standard_scenarios([InstrumentKind.CEA])
    )
    assert lower.value > figures.risk.mean > higher.value
    assert louder.value < figures.risk.mean
    assert louder.var_99 > figures.risk.var_99


def test_the_same_seed_gives_the_same_figures_whatever_the_threads() -> None:
    book = portfolio([a_position(1)])
    values = value_contracts(book)
    assert value_together(book, values) == value_together(book, values)
    other = portfolio([a_position(1)], seed=8)
    assert value_together(other, values).risk != value_together(book, values).risk


def test_a_contract_with_nothing_left_is_worth_what_it_made() -> None:
    done = {
        "volume_tonnes": 4_000,
        "delivered_tonnes": 4_000,
        "delivered_amount": Decimal(300_000),
        "promised_amount": Decimal(328_000),
    }
    value = value_contracts(portfolio([a_position(**done)]))[0]
    # 28,000 gained on 4,000 t, half of it shared.
    assert value.value.amount == Decimal("14000.00")
    assert not any((value.delta, value.gamma, value.vega))
    assert value.var_99.amount == Decimal("-14000.00")


def test_takes_the_tax_out_of_market_prices_for_a_contract_that_counts_without() -> None:
    with_tax, without = value_contracts(
        portfolio([a_position(1), a_position(2, tax_rate=Decimal("0.06"))])
    )
    ratio = without.expected_average / with_tax.expected_average
    assert abs(ratio - 1 / Decimal("1.06")) < Decimal("0.000001")


def test_values_nothing_where_there_is_nothing() -> None:
    book = portfolio([])
    figures = value_together(book, value_contracts(book))
    assert not any((figures.contract_count, figures.value.amount, figures.risk.var_99.amount))


def test_discounts_from_the_last_day_of_the_schedule() -> None:
    plain = value_contracts(portfolio([a_position(1)]))[0]
    discounted = value_contracts(portfolio([a_position(1)], discount_rate=Decimal("0.05")))[0]
    days = (date(2025, 6, 30) - DAY).days
    factor = Decimal(str(np.exp(-0.05 * days / 365)))
    assert abs(discounted.value.amount - plain.value.amount * factor) < Decimal("0.02")


def test_measures_a_known_distribution_within_its_error() -> None:
    results = np.random.default_rng(3).standard_normal(200_000)
    risk = risk_of(results)
    assert abs(risk.var_99 - 2.326348) < 4 * risk.var_99_error
    assert abs(risk.cvar_99 - 2.665214) < 4 * risk.cvar_99_error
    assert 0.006 < risk.var_99_error < 0.010
    assert abs(risk.probability_of_loss - 0.5) < 0.005


def test_promises_the_mean_of_prices_that_change_meanwhile() -> None:
    prices = (
        PromisedFrom(date(2025, 1, 1), Decimal(80)),
        PromisedFrom(date(2025, 4, 1), Decimal(84)),
    )
    position = replace(a_position(), promised_prices=prices)
    days = (date(2025, 3, 3), date(2025, 4, 1), date(2025, 5, 6), date(2025, 6, 3))
    assert position.price_over(days) == 83
    assert position.price_over(()) == 84
