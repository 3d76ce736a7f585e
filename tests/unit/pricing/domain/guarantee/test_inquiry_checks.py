"""What cannot be quoted, and how that is said."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.kernel.errors import DomainError, InvalidInput
from services.kernel.money import money
from services.kernel.tiers import TiersDoNotTile
from services.pricing.domain.guarantee.break_even import NoBreakEven
from services.pricing.domain.guarantee.inquiry import (
    Execution,
    ForwardPoint,
    Outlook,
    PlannedDelivery,
    VolatilityPoint,
)
from services.pricing.domain.guarantee.inquiry_checks import FormsMixed, InvalidInquiry
from services.pricing.domain.guarantee.quote import quote_guarantee
from tests.builders.guarantee import SPOT, VALUATION, inquiry, promise, weekly_deliveries

NEVER = ("NaN", "sNaN", "Infinity", "-Infinity", "-1")


def day(number: int, tonnes: int = 100) -> PlannedDelivery:
    return PlannedDelivery(VALUATION + timedelta(days=number), tonnes)


def refusal(**changes: Any) -> DomainError:  # noqa: ANN401 - whatever a test changes
    with pytest.raises(DomainError) as refused:
        quote_guarantee(inquiry=inquiry(**changes))
    return refused.value


def fields(error: DomainError) -> list[str]:
    assert isinstance(error, InvalidInput)
    return [violation.field for violation in error.violations]


def term(*points: tuple[int, str]) -> Outlook:
    dates = ((VALUATION + timedelta(days=number), Decimal(figure)) for number, figure in points)
    curve = tuple(VolatilityPoint(when, figure) for when, figure in dates)
    return Outlook(spot=Decimal(80), volatility_term=curve)


def curve(*points: tuple[int, str]) -> Outlook:
    dates = ((VALUATION + timedelta(days=number), Decimal(figure)) for number, figure in points)
    forwards = tuple(ForwardPoint(when, figure) for when, figure in dates)
    return Outlook(forward_curve=forwards, volatility=Decimal("0.3"))


@pytest.mark.parametrize("figure", NEVER)
@pytest.mark.parametrize(
    "name", ["promised_price", "target_margin_per_tonne", "target_return_on_cvar"]
)
def test_refuses_figures_that_are_none(name: str, figure: str) -> None:
    assert fields(refusal(**{name: Decimal(figure)})) == [name]


@pytest.mark.parametrize("figure", NEVER)
@pytest.mark.parametrize("name", ["spot", "volatility"])
def test_refuses_an_outlook_that_is_none(name: str, figure: str) -> None:
    changes: dict[str, Any] = {name: Decimal(figure)}
    assert fields(refusal(outlook=replace(SPOT, **changes))) == [name]


@pytest.mark.parametrize("figure", NEVER[:4])
def test_refuses_rates_that_are_none(figure: str) -> None:
    assert fields(refusal(discount_rate=Decimal(figure))) == ["discount_rate"]
    odd = replace(SPOT, carry_rate=Decimal(figure))
    assert fields(refusal(outlook=odd)) == ["carry_rate"]


@pytest.mark.parametrize("figure", NEVER)
def test_refuses_curves_that_are_none(figure: str) -> None:
    assert fields(refusal(outlook=term((30, figure)))) == ["volatility_term[0].volatility"]
    assert fields(refusal(outlook=curve((30, figure)))) == ["forward_curve[0].price"]


WRONG_SHARES = {
    "gain_share_tiers[0].customer_share": promise("1.01"),
    "gain_share_tiers[1].customer_share": promise(("5", "0.5"), "-0.1"),
    "gain_share_tiers[0].up_to_gain_per_tonne": promise(("0", "0.5"), "0.1"),
    "loss_cap_per_tonne": promise("0.5", cap="-0.01"),
}


@pytest.mark.parametrize("field", WRONG_SHARES)
def test_refuses_shares_and_caps_out_of_bounds(field: str) -> None:
    assert fields(refusal(terms=WRONG_SHARES[field])) == [field]


@pytest.mark.parametrize("figure", NEVER)
def test_refuses_loss_caps_that_are_no_numbers(figure: str) -> None:
    assert fields(refusal(terms=promise("0.5", cap=figure))) == ["loss_cap_per_tonne"]


def test_finds_no_break_even_where_no_loss_is_borne() -> None:
    error = refusal(terms=promise("0.5", cap="0"))
    assert isinstance(error, NoBreakEven)
    assert error.subject == "loss_cap_per_tonne"
    assert "raise the loss cap, then quote again" in error.message


@pytest.mark.parametrize("figure", NEVER[:4])
def test_refuses_tiers_that_are_no_numbers(figure: str) -> None:
    path = "gain_share_tiers[0]"
    assert fields(refusal(terms=promise(figure))) == [f"{path}.customer_share"]
    ends = refusal(terms=promise((figure, "0.5"), "0.1"))
    assert fields(ends) == [f"{path}.up_to_gain_per_tonne"]


@pytest.mark.parametrize(
    "terms",
    [
        promise(("5", "0.3"), ("3", "0.4"), "0.5"),
        promise(("5", "0.3")),
        promise("0.3", "0.5"),
        promise(("5", "0.3"), ("5", "0.4"), "0.5"),
    ],
)
def test_refuses_tiers_out_of_order(terms: object) -> None:
    assert isinstance(refusal(terms=terms), TiersDoNotTile)


DELIVERIES: Mapping[str, tuple[PlannedDelivery, ...]] = {
    "deliveries": (),
    "deliveries[1].planned_tonnes": (day(1), day(2, 0)),
    "deliveries[0].planned_tonnes": (day(1, -5),),
    "deliveries[0].date": (day(-1), day(3)),
    "deliveries[1].date": (day(1), PlannedDelivery(date(9999, 12, 31), 1)),
}


@pytest.mark.parametrize("field", DELIVERIES)
def test_refuses_deliveries_without_a_price(field: str) -> None:
    assert fields(refusal(deliveries=DELIVERIES[field])) == [field]


def test_refuses_more_than_ten_thousand_deliveries() -> None:
    assert fields(refusal(deliveries=weekly_deliveries(1) * 10_001)) == ["deliveries"]


def test_refuses_executions_that_are_none() -> None:
    nothing = Execution(0, money("10"))
    foreign = Execution(1, money("10", "USD"))
    negative = Execution(1, money("-10"))
    error = refusal(executed=(nothing, foreign, negative))
    assert fields(error) == ["executed[0].tonnes", "executed[1].amount", "executed[2].amount"]


def test_refuses_curves_out_of_order() -> None:
    assert fields(refusal(outlook=curve((30, "80"), (30, "81")))) == ["forward_curve[1].date"]
    turned = refusal(outlook=term((60, "0.3"), (30, "0.4")))
    assert fields(turned) == ["volatility_term[1].date"]
    assert fields(refusal(outlook=term((0, "0.3")))) == ["volatility_term[0].date"]


def test_refuses_a_total_variance_that_falls() -> None:
    error = refusal(outlook=term((100, "0.3"), (200, "0.2")))
    assert fields(error) == ["volatility_term[1].volatility"]
    level = term((100, "0.4"), (400, "0.2"))
    assert quote_guarantee(inquiry=inquiry(outlook=level)).vega < 0


@pytest.mark.parametrize(
    "changes",
    [
        {"outlook": Outlook(volatility=Decimal("0.3"))},
        {"outlook": replace(curve((30, "80")), spot=Decimal(80))},
        {"outlook": replace(curve((30, "80")), carry_rate=Decimal("0.01"))},
        {"outlook": Outlook(spot=Decimal(80))},
        {"outlook": replace(term((30, "0.3")), volatility=Decimal("0.3"))},
        {"target_margin_per_tonne": Decimal(1), "target_return_on_cvar": Decimal(1)},
    ],
)
def test_refuses_two_ways_of_saying_one_thing(changes: Mapping[str, object]) -> None:
    error = refusal(**changes)
    assert isinstance(error, FormsMixed)
    assert error.reason == "FIELDS_EXCLUDE_EACH_OTHER"


def test_refuses_to_pay_before_the_promise_is_known() -> None:
    assert fields(refusal(pay_date=VALUATION)) == ["pay_date"]
    assert fields(refusal(pay_date=date(9999, 1, 1))) == ["pay_date"]


def test_names_every_wrong_field_at_once() -> None:
    error = refusal(
        deliveries=(day(-1),), promised_price=Decimal(0), terms=promise("2"), pay_date=date.max
    )
    assert isinstance(error, InvalidInquiry)
    assert error.reason == "INVALID_FIELDS"
    assert len(fields(error)) == 4
