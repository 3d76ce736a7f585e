"""What a changed price puts in question, over the wire: provisional, final, and corrected."""

from typing import cast

import grpc
import pytest
from tanheng.pricing.v1 import price_service_pb2 as wire

from tests.support.client import Client, Json, reason_of
from tests.support.month import ALLOWANCE, GroupOffice, day, number
from tests.support.service import Service

SERIES = "priceSeries/cea-composite"
DAY = "2025-01-03"
TRANSFER: Json = {
    "seller": "customers/plant-02",
    "buyer": "customers/plant-01",
    "instrument": ALLOWANCE,
    "tonnes": 50,
    "trade_date": day(DAY),
}


@pytest.fixture(scope="module")
def client(module_service: Service) -> Client:
    """A client of a service whose group has two plants, open books, and a provisional price."""
    client = Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )
    GroupOffice(client).set_up(plants=2)
    client.call(
        "pricing.PriceService/CreatePriceSeries",
        {
            "price_series": {"instrument": {"kind": "INSTRUMENT_KIND_CEA"}, "venue": "national"},
            "price_series_id": "cea-composite",
        },
        role="pricing_analyst",
    )
    imported(client, "80.00", "PROVISIONAL")
    return client


def imported(
    client: Client, close: str, quality: str, *, series: str = SERIES
) -> wire.ImportPricesResponse:
    row = {"date": day(DAY), "close": number(close), "quality": f"PRICE_QUALITY_{quality}"}
    request = {"series": series, "rows": [row], "source": "invented"}
    answer = client.call("pricing.PriceService/ImportPrices", request, role="pricing_analyst")
    return cast("wire.ImportPricesResponse", answer)


def transferred(client: Client) -> str:
    answer = client.call(
        "settlement.TradeService/TransferAllowances", TRANSFER, role="trade_reviewer"
    )
    return str(answer.name)  # type: ignore[attr-defined]


def valued(client: Client) -> str:
    """Value all contracts at the close of the day; volatility and credits are given."""
    market = {"kind": "INSTRUMENT_KIND_CEA", "series": SERIES, "volatility": number("0.3")}
    request = {
        "all": True,
        "as_of_date": day(DAY),
        "scenario": {"markets": [market], "path_count": 1000},
    }
    operation = client.call("pricing.QuoteService/ValueContracts", request, role="pricing_analyst")
    return str(client.finish(operation, role="pricing_analyst").name)  # type: ignore[attr-defined]


def test_a_transfer_waits_for_the_final_price_and_is_named_when_that_is_corrected(
    client: Client,
) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        transferred(client)
    assert reason_of(refused.value) == "PRICE_NOT_FINAL"
    climbed = imported(client, "80.00", "FINAL")
    assert [each.change for each in climbed.superseded] == [wire.PRICE_CHANGE_QUALITY_CLIMBED]
    assert not climbed.dependents
    valuation = valued(client)
    trade = transferred(client)
    corrected = imported(client, "80.50", "FINAL")
    dependent, market = corrected.dependents
    assert (market.name, market.kind) == (valuation, wire.PRICE_DEPENDENT_KIND_VALUATION)
    assert (dependent.name, dependent.kind) == (trade, wire.PRICE_DEPENDENT_KIND_TRANSFER)
    assert dependent.way_out
    request = {
        "series": SERIES,
        "date_range": {"start_date": day("2025-01-01"), "end_date": day("2025-02-01")},
    }
    listed = _listed(client, {**request, "changed_since": climbed.recorded_at.ToJsonString()})
    assert [each.name for each in listed.price_dependents] == [trade, valuation]
    assert [each.change for each in listed.superseded] == [wire.PRICE_CHANGE_CORRECTED]
    since = {**request, "changed_since": corrected.recorded_at.ToJsonString()}
    assert not _listed(client, since).price_dependents


def test_a_transfer_depends_on_the_first_series_that_prices_its_day(client: Client) -> None:
    trade = transferred(client)
    nearest = "priceSeries/cea-of-2025"
    created: Json = {
        "price_series": {"instrument": ALLOWANCE, "venue": "national"},
        "price_series_id": nearest.removeprefix("priceSeries/"),
    }
    client.call("pricing.PriceService/CreatePriceSeries", created, role="pricing_analyst")
    assert trade in _transfers(client, SERIES)
    imported(client, "81.00", "FINAL", series=nearest)
    assert trade not in _transfers(client, SERIES)
    assert trade in _transfers(client, nearest)


def _transfers(client: Client, series: str) -> list[str]:
    span = {"start_date": day("2025-01-01"), "end_date": day("2025-02-01")}
    found = _listed(client, {"series": series, "date_range": span}).price_dependents
    return [each.name for each in found if each.kind == wire.PRICE_DEPENDENT_KIND_TRANSFER]


def _listed(client: Client, request: Json) -> wire.ListPriceDependentsResponse:
    answer = client.call("pricing.PriceService/ListPriceDependents", request, role="auditor")
    return cast("wire.ListPriceDependentsResponse", answer)
