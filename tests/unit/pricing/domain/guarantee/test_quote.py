"""A quote: its figures hang together, and come out the same every time."""

import os
import platform
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from math import exp
from typing import Any

import pytest

from services.kernel.instrument import GuaranteeSide
from services.kernel.money import money
from services.pricing.domain.guarantee.average import ForwardsTooHigh
from services.pricing.domain.guarantee.decimals import to_decimal
from services.pricing.domain.guarantee.inquiry import Execution, GuaranteeInquiry, PlannedDelivery
from services.pricing.domain.guarantee.inquiry_checks import InvalidInquiry
from services.pricing.domain.guarantee.model import (
    AUDIT_MODEL,
    CERTAIN_MODEL,
    DEFAULT_MODEL,
    MODEL_VERSION,
)
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.guarantee.quote import GuaranteeQuote, quote_guarantee
from tests.builders.guarantee import SPOT, VALUATION, inquiry, promise, weekly_deliveries

SALE = GuaranteeSide.SALE
AT_82 = inquiry(promised_price=Decimal(82), terms=promise(("5", "0.3"), "0.5"))


def quoted(asked: GuaranteeInquiry) -> GuaranteeQuote:
    return quote_guarantee(inquiry=asked)


def value(asked: GuaranteeInquiry) -> float:
    return float(quoted(asked).value_per_tonne)


def at(asked: GuaranteeInquiry, **outlook: Any) -> GuaranteeInquiry:  # noqa: ANN401 - its fields
    return replace(asked, outlook=replace(asked.outlook, **outlook))


def test_quotes_over_calendar_dates() -> None:
    quote = quoted(inquiry())
    assert quote.expected_average == Decimal("80.415654")
    assert quote.break_even_price == quote.recommended_price == quote.priced_at
    assert abs(quote.break_even_price - Decimal("83.267")) < Decimal("0.001")
    assert quote.value_per_tonne == 0
    assert (quote.model, quote.model_version) == (DEFAULT_MODEL, MODEL_VERSION)


@pytest.mark.parametrize("terms", [AT_82.terms, promise("0.4", side=SALE, cap="7")])
def test_its_greeks_are_those_of_its_value(terms: PromiseTerms) -> None:
    asked = replace(AT_82, terms=terms, discount_rate=Decimal("0.05"))
    quote = quoted(asked)
    up, down = at(asked, spot=Decimal("80.1")), at(asked, spot=Decimal("79.9"))
    assert float(quote.delta) == pytest.approx((value(up) - value(down)) / 0.2, abs=1e-4)
    bend = (value(up) - 2 * value(asked) + value(down)) / 0.01
    assert float(quote.gamma) == pytest.approx(bend, abs=3e-4)
    up, down = at(asked, volatility=Decimal("0.301")), at(asked, volatility=Decimal("0.299"))
    assert float(quote.vega) == pytest.approx((value(up) - value(down)) / 0.002, abs=1e-2)


def test_discounts_once_from_the_pay_date() -> None:
    later = VALUATION + timedelta(days=365)
    plain = quoted(AT_82)
    paid_late = quoted(replace(AT_82, pay_date=later, discount_rate=Decimal("0.05")))
    assert float(paid_late.discount_factor) == pytest.approx(exp(-0.05), abs=1e-6)
    expected = float(plain.value_per_tonne) * exp(-0.05)
    assert float(paid_late.value_per_tonne) == pytest.approx(expected, abs=1e-6)
    assert paid_late.break_even_price == plain.break_even_price
    assert paid_late.var_99 == plain.var_99


def test_discounts_from_the_last_delivery_by_default() -> None:
    quote = quoted(replace(AT_82, discount_rate=Decimal("0.1")))
    assert float(quote.discount_factor) == pytest.approx(exp(-0.1 * 182 / 365), abs=1e-6)


def test_prices_at_the_promise_and_recommends_by_the_target() -> None:
    quote = quoted(replace(AT_82, target_margin_per_tonne=Decimal("0.5")))
    assert quote.priced_at == 82
    again = quoted(replace(AT_82, promised_price=quote.recommended_price))
    assert again.value_per_tonne == pytest.approx(Decimal("0.5"), abs=Decimal("1e-5"))


@pytest.mark.parametrize("side", list(GuaranteeSide))
def test_recommends_a_price_that_earns_the_return_on_its_tail(side: GuaranteeSide) -> None:
    asked = inquiry(terms=promise("0.3", side=side), target_return_on_cvar=Decimal("0.2"))
    quote = quoted(asked)
    assert float(quote.value_per_tonne) == pytest.approx(0.2 * float(quote.cvar_99), abs=1e-5)
    better = quote.recommended_price - quote.break_even_price
    assert better > 0 if side is GuaranteeSide.PURCHASE else better < 0


def test_puts_its_own_price_in_the_middle_of_the_band() -> None:
    quote = quoted(AT_82)
    band = {(str(each.volatility), str(each.drift)): each.price for each in quote.break_even_band}
    assert len(band) == 9
    assert band["0.300000", "0.000000"] == quote.break_even_price
    assert band["0.200000", "0.000000"] < quote.break_even_price < band["0.400000", "0.000000"]
    assert band["0.300000", "-0.100000"] < quote.break_even_price < band["0.300000", "0.100000"]


def test_prices_the_band_as_it_would_quote_it() -> None:
    louder = quoted(at(AT_82, volatility=Decimal("0.4"), carry_rate=Decimal("-0.08")))
    point = quoted(AT_82).break_even_band[6]
    assert (point.volatility, point.drift) == (Decimal("0.4"), Decimal("-0.1"))
    assert abs(point.price - louder.break_even_price) <= Decimal("0.000001")


def test_shows_every_bend_of_the_payoff() -> None:
    quote = quoted(replace(AT_82, terms=promise(("5", "0.3"), "0.5", cap="9")))
    shown = {each.average: each for each in quote.payoff}
    assert {Decimal(77), Decimal(82), Decimal(91)} <= shown.keys()
    assert shown[Decimal(77)].house == Decimal("3.5")
    assert shown[Decimal(91)].house == -9
    assert shown[Decimal(82)].customer_price == 82
    assert shown[Decimal(77)].customer_price == Decimal("80.5")


def test_pays_the_customer_of_a_floor_what_the_house_does_not_keep() -> None:
    quote = quoted(inquiry(terms=promise(side=SALE), promised_price=Decimal(82)))
    assert all(each.customer_price == 82 for each in quote.payoff)


def test_lists_the_profits_it_may_make() -> None:
    quote = quoted(AT_82)
    chances = [each.probability for each in quote.profit_distribution]
    assert chances == sorted(chances)
    assert quote.profit_distribution[0].profit == -quote.var_99
    assert quote.cvar_99 > quote.var_99 > 0


def test_knows_what_is_over() -> None:
    executed = (Execution(2000, money("150000")),)
    past = (PlannedDelivery(VALUATION - timedelta(days=1), 2000),)
    quote = quoted(replace(AT_82, deliveries=past, executed=executed))
    assert quote.model == CERTAIN_MODEL
    assert quote.expected_average == quote.break_even_price == 75
    assert quote.value_per_tonne == Decimal("4.5")
    assert quote.delta == quote.probability_of_loss == 0
    assert quote.var_99 == quote.cvar_99 == Decimal("-4.5")


def test_knows_the_price_of_today() -> None:
    quote = quoted(replace(AT_82, deliveries=(PlannedDelivery(VALUATION, 1),)))
    assert quote.model == CERTAIN_MODEL
    assert quote.expected_average == 80


def test_needs_no_option_where_nothing_moves() -> None:
    quote = quoted(at(inquiry(), volatility=Decimal(0)))
    assert quote.break_even_price == quote.expected_average
    assert quote.gamma == quote.vega == quote.var_99 == 0


def test_turns_to_the_audit_pricer_where_prices_move_much() -> None:
    quote = quoted(at(AT_82, volatility=Decimal("1.2")))
    assert quote.model == AUDIT_MODEL
    asked = at(AT_82, volatility=Decimal("1.201"))
    slope = (value(asked) - float(quote.value_per_tonne)) / 0.001
    assert float(quote.vega) == pytest.approx(slope, abs=2e-2)


def test_turns_to_the_audit_pricer_where_few_fixings_are_far_apart() -> None:
    days = tuple(PlannedDelivery(VALUATION + timedelta(days=day), 100) for day in (100, 500))
    quote = quoted(replace(at(AT_82, volatility=Decimal("0.4")), deliveries=days))
    assert quote.model == AUDIT_MODEL


def test_goes_over_smoothly_from_one_pricer_to_the_other() -> None:
    last, first = (at(AT_82, volatility=Decimal(text)) for text in ("1.06", "1.08"))
    middle = at(AT_82, volatility=Decimal("1.07"))
    quotes = [quoted(asked) for asked in (last, middle, first)]
    assert {quote.model for quote in quotes} == {DEFAULT_MODEL, AUDIT_MODEL}
    prices = [float(quote.break_even_price) for quote in quotes]
    assert prices[1] == pytest.approx((prices[0] + prices[2]) / 2, abs=2e-3)


def test_quotes_ten_thousand_deliveries() -> None:
    days = tuple(
        PlannedDelivery(VALUATION + timedelta(days=number % 700), 1 + number % 7)
        for number in range(10_000)
    )
    assert quoted(replace(AT_82, deliveries=days)).model == DEFAULT_MODEL


def test_rounds_once_and_never_to_minus_nothing() -> None:
    assert [str(to_decimal(each)) for each in (-1e-9, 1.23456749, -2.0)] == [
        "0.000000",
        "1.234567",
        "-2.000000",
    ]


_AGAIN = """
import numpy as np
from tests.unit.pricing.domain.guarantee.test_quote import ASKED, quoted
print(np.lib.introspect.opt_func_info(func_name="^exp$")["exp"]["dd"]["current"])
for asked in ASKED:
    print(repr(quoted(asked)))
"""

ASKED = (
    AT_82,
    inquiry(terms=promise("0.2", side=SALE), deliveries=weekly_deliveries(60)),
    inquiry(terms=promise(("5", "0.3"), "0.5", cap="8"), deliveries=weekly_deliveries(12)),
    at(inquiry(deliveries=weekly_deliveries(3)), volatility=Decimal("0.2")),
    at(inquiry(target_return_on_cvar=Decimal("0.1")), volatility=Decimal("0.8")),
)
"""By the default model, with and without its third moment, and by the audit model."""

_PLAINER = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL", "OPENBLAS_CORETYPE": "Nehalem"}
"""What makes NumPy and its linear algebra compute as on a processor of 2008."""


def _in_another_process(**environment: str) -> list[str]:
    said = subprocess.run(
        [sys.executable, "-c", _AGAIN],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return said.stdout.splitlines()


def test_is_the_same_in_another_process() -> None:
    _, *figures = _in_another_process()
    assert figures == [repr(quoted(asked)) for asked in ASKED]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="names features of x86-64")
def test_is_the_same_on_a_machine_that_computes_otherwise() -> None:
    arithmetic, *figures = _in_another_process(**_PLAINER)
    assert arithmetic.startswith("baseline")
    assert figures == [repr(quoted(asked)) for asked in ASKED]


def test_does_not_mind_the_unit_of_tonnes() -> None:
    more = replace(AT_82, deliveries=weekly_deliveries(tonnes=7))
    assert quoted(more) == quoted(AT_82)
    assert SPOT.spot == 80


def test_refuses_forward_prices_and_discounts_that_mean_nothing() -> None:
    far = (PlannedDelivery(VALUATION + timedelta(days=7000), 1000),)
    asked = replace(AT_82, deliveries=far)
    with pytest.raises(ForwardsTooHigh, match="carry_rate leads to a forward price"):
        quoted(at(asked, carry_rate=Decimal(1), volatility=Decimal("0.1")))
    for rate in ("-1", "1"):
        with pytest.raises(InvalidInquiry, match="discount_rate is"):
            quoted(at(replace(asked, discount_rate=Decimal(rate)), volatility=Decimal("0.1")))
