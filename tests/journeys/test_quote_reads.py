"""Replays, comparisons and transfer prices as their callers meet them: over the wire, in a role."""

import itertools
from typing import cast

import grpc
import pytest
from tanheng.pricing.v1 import (
    management_modes_pb2,
    price_service_pb2,
    quote_service_pb2,
    replay_pb2,
)

from services.kernel.period import Month
from tests.builders.pricing import calendar
from tests.support.client import Client, Json, reason_of
from tests.support.month import day, number
from tests.support.service import Service

_VINTAGES = itertools.count(2030)
MEANS = (
    *("94.70", "91.36", "87.90", "80.87", "69.90", "71.51"),
    *("73.57", "71.12", "62.51", "53.94", "59.87", "63.27"),
)
YEAR = {"start_date": day("2025-01-01"), "end_date": day("2026-01-01")}


@pytest.fixture(scope="module")
def client(module_service: Service) -> Client:
    """A client of the shared service."""
    return Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )


def series_of(client: Client, closes: dict[str, str], *, quality: str = "FINAL") -> tuple[str, int]:
    """Open a series of a vintage of its own and import closes; gives its name and vintage."""
    vintage = next(_VINTAGES)
    service = "pricing.PriceService"
    instrument = {"kind": "INSTRUMENT_KIND_CEA", "vintage": vintage}
    opened = client.call(
        f"{service}/CreatePriceSeries",
        {
            "price_series": {"instrument": instrument, "venue": "cneeex"},
            "price_series_id": f"v{vintage}",
        },
        role="pricing_analyst",
    )
    name = cast("price_service_pb2.PriceSeries", opened).name
    answer = imported(client, name, closes, quality=quality)
    assert answer.accepted_count == len(closes), answer
    return name, vintage


def imported(
    client: Client, name: str, closes: dict[str, str], *, quality: str = "FINAL"
) -> price_service_pb2.ImportPricesResponse:
    rows = [
        {"date": day(when), "close": number(close), "quality": f"PRICE_QUALITY_{quality}"}
        for when, close in closes.items()
    ]
    request = {"series": name, "rows": rows, "source": "invented"}
    answer = client.call("pricing.PriceService/ImportPrices", request, role="pricing_analyst")
    return cast("price_service_pb2.ImportPricesResponse", answer)


def monthly_means() -> dict[str, str]:
    """The means of 2025 on the first trading day of each month, and a close before."""
    first = [calendar().trading_days(Month(2025, each).period)[0] for each in range(1, 13)]
    return {"2024-12-31": "97.00", **dict(zip(map(str, first), MEANS, strict=True))}


def test_a_year_of_monthly_means_says_that_unified_was_worse(client: Client) -> None:
    name, _ = series_of(client, monthly_means())
    request = {
        "series": name,
        "window": YEAR,
        "plants": [{"plant": "a", "due_tonnes": 1000, "allocated_tonnes": 0}],
    }
    answer = client.call(
        "pricing.QuoteService/CompareManagementModes", request, role="finance_director"
    )
    found = cast("management_modes_pb2.CompareManagementModesResponse", answer)
    assert found.cheaper_mode == management_modes_pb2.CHEAPER_MODE_DECENTRALISED
    assert (found.even_price.value, found.late_price.value) == ("73.376667", "63.27")
    assert found.timing_per_tonne.value == "-10.106667"
    assert found.saving.total == found.saving.timing
    assert found.explanation.steps[-1].label == "unified costs more"


def test_a_promise_of_the_spot_is_replayed_on_the_year(client: Client) -> None:
    name, _ = series_of(client, monthly_means())
    request = {
        "side": "GUARANTEE_SIDE_PURCHASE",
        "series": name,
        "windows": [{"delivery_window": YEAR, "total_tonnes": 200_000}],
        "promise_rule": {"kind": "PROMISE_RULE_KIND_SPOT"},
        "gain_share_tiers": [{"customer_share": number("0.3")}],
    }
    answer = client.call("pricing.QuoteService/ReplayGuarantee", request, role="pricing_analyst")
    (window,) = cast("replay_pb2.ReplayGuaranteeResponse", answer).windows
    assert (window.promised_price.value, window.benchmark_average.value) == ("97", "73.376667")
    assert window.drift.units + window.skill.units == window.gain.units == 4_724_666
    assert window.house.units == -window.customer.units == 3_307_266


def test_a_break_even_promise_is_found_by_the_pricer(client: Client) -> None:
    name, _ = series_of(client, monthly_means())
    request = {
        "side": "GUARANTEE_SIDE_PURCHASE",
        "series": name,
        "windows": [{"delivery_window": YEAR, "total_tonnes": 1}],
        "promise_rule": {"kind": "PROMISE_RULE_KIND_BREAK_EVEN", "volatility": number("0.3")},
        "gain_share_tiers": [{"customer_share": number("1")}],
    }
    with pytest.raises(grpc.RpcError) as refused:
        client.call("pricing.QuoteService/ReplayGuarantee", request, role="pricing_analyst")
    assert reason_of(refused.value) == "NO_BREAK_EVEN"
    half = {**request, "gain_share_tiers": [{"customer_share": number("0.5")}]}
    answer = client.call("pricing.QuoteService/ReplayGuarantee", half, role="pricing_analyst")
    (window,) = cast("replay_pb2.ReplayGuaranteeResponse", answer).windows
    assert float(window.promised_price.value) > 97


def transfer_price(
    client: Client, vintage: int, when: str, **more: object
) -> quote_service_pb2.QuoteTransferPriceResponse:
    request: Json = {
        "instrument": {"kind": "INSTRUMENT_KIND_CEA", "vintage": vintage},
        "trade_date": day(when),
        **more,
    }
    answer = client.call("pricing.QuoteService/QuoteTransferPrice", request, role="trade_reviewer")
    return cast("quote_service_pb2.QuoteTransferPriceResponse", answer)


def test_a_transfer_price_names_its_rung_its_days_and_its_bounds(client: Client) -> None:
    name, vintage = series_of(client, {"2025-07-01": "74.22", "2025-07-02": "74.00"})
    found = transfer_price(client, vintage, "2025-07-02")
    assert (found.price.value, found.series) == ("74", name)
    assert found.rung == quote_service_pb2.TRANSFER_PRICE_RUNG_DAY_CLOSE
    assert (found.lowest_price.value, found.highest_price.value) == ("66.8", "81.64")
    fallen = transfer_price(client, vintage, "2025-07-03", fallback_days=2)
    assert fallen.rung == quote_service_pb2.TRANSFER_PRICE_RUNG_MEAN_OF_LAST_CLOSES
    assert [each.day for each in fallen.price_dates] == [1, 2]


def test_a_transfer_price_is_that_of_the_next_series_where_the_first_has_none(
    client: Client,
) -> None:
    name, vintage = series_of(client, {"2025-07-01": "74.22", "2025-07-02": "74.00"})
    first: Json = {
        "price_series": {
            "instrument": {"kind": "INSTRUMENT_KIND_CEA", "vintage": vintage},
            "venue": "abandoned",
        },
        "price_series_id": "a-abandoned",
    }
    client.call("pricing.PriceService/CreatePriceSeries", first, role="pricing_analyst")
    found = transfer_price(client, vintage, "2025-07-02")
    assert (found.price.value, found.series) == ("74", name)
    assert found.rung == quote_service_pb2.TRANSFER_PRICE_RUNG_DAY_CLOSE
    assert "priceSeries/a-abandoned" in found.explanation.steps[0].formula


@pytest.mark.parametrize(
    ("when", "more", "reason"),
    [
        ("2025-07-03", {}, "PRICE_MISSING"),
        ("2025-07-02", {}, "PRICE_NOT_FINAL"),
        ("2025-07-05", {}, "INVALID_FIELDS"),
        ("2025-07-02", {"fallback_days": 21}, "INVALID_FIELDS"),
    ],
)
def test_a_transfer_price_that_cannot_be_named_is_refused(
    client: Client, when: str, more: dict[str, object], reason: str
) -> None:
    closes = {"2025-07-01": "74.22", "2025-07-02": "74.00"}
    _, vintage = series_of(client, closes, quality="PROVISIONAL")
    with pytest.raises(grpc.RpcError) as refused:
        transfer_price(client, vintage, when, **more)
    assert reason_of(refused.value) == reason
