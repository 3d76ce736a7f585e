"""Promises priced over the wire: quoted, kept, read again, refused."""

from decimal import Decimal
from typing import cast

import grpc
import pytest
from tanheng.pricing.v1 import quote_pb2

from services.kernel.authority import SYSTEM
from services.kernel.identifiers import QuoteName
from services.pricing.domain.quoting.quote import price_inputs
from services.pricing.persistence.quotes import PostgresQuotes
from services.runtime.unit_of_work import acting_as
from tests.support.client import Client, Json, reason_of
from tests.support.month import ALLOWANCE, day, number, yuan
from tests.support.service import Service

QUOTE = "pricing.QuoteService/QuoteGuarantee"
CREDIT = {"kind": "INSTRUMENT_KIND_CCER", "vintage": 2025, "project": "ningde-deep"}
WEEKS = [
    f"2025-{month:02d}-{day_:02d}"
    for month, day_ in ((1, 9), (1, 16), (1, 23), (2, 6), (2, 13), (2, 20), (2, 27), (3, 6))
]


@pytest.fixture(scope="module")
def client(module_service: Service) -> Client:
    """A client of the shared service."""
    return Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )


def request(**more: object) -> dict[str, object]:
    """A purchase over eight weeks, half of every gain shared."""
    plain: dict[str, object] = {
        "side": "GUARANTEE_SIDE_PURCHASE",
        "instrument": ALLOWANCE,
        "deliveries": [{"date": day(each), "planned_tonnes": 10_000} for each in WEEKS],
        "gain_share_tiers": [{"customer_share": number("0.5")}],
        "spot": number("80"),
        "carry_rate": number("0.02"),
        "volatility": number("0.3"),
        "valuation_date": day("2025-01-02"),
    }
    return {name: value for name, value in {**plain, **more}.items() if value is not None}


def quoted(client: Client, asked: Json) -> quote_pb2.Quote:
    return cast("quote_pb2.Quote", client.call(QUOTE, asked, role="pricing_analyst"))


def refusal(client: Client, asked: Json) -> str:
    with pytest.raises(grpc.RpcError) as caught:
        quoted(client, asked)
    return reason_of(caught.value)


def test_a_quote_is_kept_and_read_again(client: Client) -> None:
    quote = quoted(client, request(promised_price=number("82")))
    assert quote.name.startswith("quotes/20250102-")
    assert (quote.creator, quote.inputs.volatility_set_by) == ("pricing_analyst",) * 2
    assert Decimal(quote.break_even_price.value) > Decimal(quote.expected_average.value)
    again = client.call("pricing.QuoteService/GetQuote", {"name": quote.name}, role="auditor")
    assert again == quote


def test_a_look_is_priced_alike_and_kept_nowhere(client: Client) -> None:
    look = quoted(client, request(validate_only=True, promised_price=number("82.5")))
    assert look.name == ""
    kept = quoted(client, request(promised_price=number("82.5")))
    assert (look.value_per_tonne, look.var_99) == (kept.value_per_tonne, kept.var_99)


def test_kept_quotes_compute_again_to_the_last_decimal(
    client: Client, module_service: Service
) -> None:
    names = [
        quoted(client, request(target_margin_per_tonne=number("1"))).name,
        quoted(client, request(loss_cap_per_tonne=number("5"), discount_rate=number("0.02"))).name,
    ]
    for name in names:
        with acting_as(SYSTEM), module_service.house.platform.unit_of_work():
            kept = PostgresQuotes().find(QuoteName(name))
        assert kept is not None
        assert price_inputs(kept.priced.inputs) == kept.priced.figures


def test_a_window_is_delivered_evenly_over_its_trading_days(client: Client) -> None:
    window = {"start_date": day("2025-01-24"), "end_date": day("2025-02-10")}
    quote = quoted(client, request(deliveries=None, window=window, total_tonnes=7_001))
    dates = [(each.date.month, each.date.day) for each in quote.inputs.deliveries]
    # The Spring Festival of 2025: closed from 28 January to 4 February.
    assert dates == [(1, 24), (1, 27), (2, 5), (2, 6), (2, 7)]
    assert sum(each.planned_tonnes for each in quote.inputs.deliveries) == 7_001


def test_lists_quotes_by_side_and_kind(client: Client) -> None:
    quoted(client, request(side="GUARANTEE_SIDE_SALE", instrument=CREDIT))
    asked = {"side": "GUARANTEE_SIDE_SALE", "instrument_kind": "INSTRUMENT_KIND_CCER"}
    answer = client.call("pricing.QuoteService/ListQuotes", asked, role="finance_operator")
    found = cast("quote_pb2.ListQuotesResponse", answer).quotes
    assert found
    assert {each.inputs.instrument.project for each in found} == {"ningde-deep"}


def test_two_forms_at_once_exclude_each_other(client: Client) -> None:
    window = {"start_date": day("2025-01-24"), "end_date": day("2025-02-10")}
    curve = [{"date": day("2025-01-09"), "price": number("80")}]
    for more in (
        {"window": window, "total_tonnes": 10},
        {"deliveries": None},
        {"forward_curve": curve},
        {"spot": None, "carry_rate": None},
        {"volatility_series": "priceSeries/cea"},
        {"target_margin_per_tonne": number("1"), "target_return_on_cvar": number("0.1")},
    ):
        assert refusal(client, request(**more)) == "FIELDS_EXCLUDE_EACH_OTHER", more


def test_a_volatility_is_never_assumed(client: Client) -> None:
    assert refusal(client, request(volatility=None)) == "INVALID_FIELDS"
    asked = request(volatility=None, volatility_series="priceSeries/unknown")
    assert refusal(client, asked) == "RESOURCE_NOT_FOUND"
    assert refusal(client, {**asked, "validate_only": True}) == "RESOURCE_NOT_FOUND"


def test_refuses_what_has_no_answer(client: Client) -> None:
    everything = [{"customer_share": number("1")}]
    assert refusal(client, request(gain_share_tiers=everything)) == "NO_BREAK_EVEN"
    for more in (
        {"gain_share_tiers": [{"customer_share": number("1.2")}]},
        {"spot": number("-80")},
        {"volatility": number("-0.1")},
        {"deliveries": [{"date": day("2024-12-31"), "planned_tonnes": 1}]},
        {"deliveries": [{"date": day("2025-01-09"), "planned_tonnes": 0}]},
        {"deliveries": [{"date": day("2025-01-09"), "planned_tonnes": 1}] * 10_000},
        {"pay_date": day("2025-01-31")},
        {"volatility": number("NaN")},
    ):
        assert refusal(client, request(**more)) == "INVALID_FIELDS", more
    crossed = [
        {"up_to_gain_per_tonne": number(end), "customer_share": number("0.1")} for end in "54"
    ]
    assert refusal(client, request(gain_share_tiers=crossed)) == "TIERS_DO_NOT_TILE"


def test_what_was_executed_counts_with_what_is_left(client: Client) -> None:
    executed = [{"tonnes": 40_000, "amount": yuan("3000000.00")}]
    past = [{"date": day("2024-12-26"), "planned_tonnes": 40_000}]
    plan = past + [{"date": day(each), "planned_tonnes": 10_000} for each in WEEKS[:4]]
    quote = quoted(client, request(deliveries=plan, executed=executed))
    # Half of the plan was bought at 75, the rest is expected at about 80.
    assert Decimal("77.4") < Decimal(quote.expected_average.value) < Decimal("77.7")
    assert quote.promised_tonnes == 80_000


def test_credits_in_custody_show_the_demand_beside_the_promise(client: Client) -> None:
    custody = {
        "volume_cap_tonnes": 50_000,
        "daily_limit_tonnes": 2_000,
        "liquidity_haircut": number("0.03"),
        "due_tonnes": number("900000"),
    }
    asked = request(
        side="GUARANTEE_SIDE_SALE", instrument=CREDIT, gain_share_tiers=[], custody=custody
    )
    quote = quoted(client, asked)
    cover = quote.custody_cover
    assert (cover.promised_tonnes, cover.unpromised_tonnes) == (50_000, 30_000)
    assert (cover.demand_cap_tonnes.value, cover.demand_cap_use.value) == ("45000", "1.111111")
    assert [finding.reason for finding in quote.findings] == [
        "DEMAND_CAP_EXCEEDED",
        "VOLUME_CAPPED",
    ]
    assert max(each.planned_tonnes for each in quote.inputs.deliveries) == 2_000
    assert Decimal(quote.inputs.spot.value) == Decimal("77.6")
