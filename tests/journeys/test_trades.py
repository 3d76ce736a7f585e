"""Trades as their callers meet them: recorded, allocated, transferred, corrected over the wire."""

import csv
from pathlib import Path
from typing import cast

import grpc
import pytest
from tanheng.settlement.v1 import trade_pb2, trade_service_pb2

from tests.support.client import Client, Json, reason_of
from tests.support.month import ALLOWANCE, GroupOffice, day, number
from tests.support.service import Service

PUBLISHED = Path(__file__).parents[2] / "samples/published/disclosed_sale_2022-12-20.csv"
SERVICE = "settlement.TradeService"


@pytest.fixture(scope="module")
def client(module_service: Service) -> Client:
    """A client of a service whose group has two plants, open books, and a price of one day."""
    caller = Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )
    GroupOffice(caller).set_up(plants=2)
    series = {"instrument": {"kind": "INSTRUMENT_KIND_CEA"}, "venue": "national"}
    caller.call(
        "pricing.PriceService/CreatePriceSeries",
        {"price_series": series, "price_series_id": "cea-composite"},
        role="pricing_analyst",
    )
    closes = [
        {
            "date": day(f"2025-01-{two}"),
            "close": number("80.00"),
            "quality": "PRICE_QUALITY_FINAL",
        }
        for two in ("02", "03")
    ]
    request = {"series": "priceSeries/cea-composite", "rows": closes, "source": "invented"}
    caller.call("pricing.PriceService/ImportPrices", request, role="pricing_analyst")
    return caller


def listed(external_id: str, **fields: object) -> dict[str, object]:
    return {
        "external_id": external_id,
        "venue": "national",
        "mode": "TRADE_MODE_LISTING",
        "instrument": ALLOWANCE,
        "side": "TRADE_SIDE_BUY",
        "trade_date": day("2025-01-03"),
        "tonnes": 1_000,
        "unit_price": number("80.00"),
        "trader": "trader-a",
        **fields,
    }


def record(client: Client, *trades: Json) -> trade_service_pb2.RecordTradesResponse:
    answer = client.call(f"{SERVICE}/RecordTrades", {"trades": list(trades)}, role="trader")
    return cast("trade_service_pb2.RecordTradesResponse", answer)


def allocate(client: Client) -> trade_service_pb2.AllocateTradesResponse:
    request = {"month": "2025-01"}
    answer = client.call(f"{SERVICE}/AllocateTrades", request, role="finance_operator")
    return cast("trade_service_pb2.AllocateTradesResponse", answer)


def allocations(client: Client, customers: tuple[str, ...] = ()) -> list[trade_pb2.Allocation]:
    role = "customer" if customers else "auditor"
    request = {"month": "2025-01"}
    answer = client.call(f"{SERVICE}/ListAllocations", request, role=role, customers=customers)
    return list(cast("trade_service_pb2.ListAllocationsResponse", answer).allocations)


def test_names_each_refused_row_and_records_the_others(client: Client) -> None:
    answer = record(
        client,
        listed("good"),
        listed("far", unit_price=number("88.01")),
        listed("holiday", trade_date=day("2025-01-01")),
        listed("late", trade_date=day("2099-01-02")),
        listed("large", tonnes=100_000),
        listed("stranger", contract="contracts/none"),
    )
    assert answer.accepted_count == 1
    assert [(remark.row, remark.reason) for remark in answer.rejections] == [
        (1, "PRICE_OUT_OF_LIMIT"),
        (2, "NOT_A_TRADING_DAY"),
        (3, "TRADE_DATE_IN_FUTURE"),
        (4, "LISTING_TOO_LARGE"),
        (5, "RESOURCE_NOT_FOUND"),
    ]
    assert record(client, listed("good")).already_recorded_count == 1


def test_allocates_a_month_and_shows_a_plant_its_own_part(client: Client) -> None:
    record(client, listed("shared"), listed("mine", contract="contracts/plant-01-2025"))
    state = allocate(client)
    assert allocate(client).input_version == state.input_version
    assert sum(part.tonnes for part in allocations(client)) == state.allocated_tonnes
    own = allocations(client, customers=("customers/plant-01",))
    assert {part.customer for part in own} == {"customers/plant-01"}


def test_transfers_at_the_close_of_the_day_between_two_plants(client: Client) -> None:
    request: Json = {
        "seller": "customers/plant-02",
        "buyer": "customers/plant-01",
        "instrument": ALLOWANCE,
        "tonnes": 50,
        "trade_date": day("2025-01-03"),
    }
    answer = client.call(f"{SERVICE}/TransferAllowances", request, role="trade_reviewer")
    trade = cast("trade_pb2.Trade", answer)
    assert (trade.unit_price.value, trade.amount.units) == ("80", 4_000)
    assert trade.buyer_contract == "contracts/plant-01-2025"


def test_transfers_at_the_close_of_the_next_series_where_the_first_is_empty(
    client: Client,
) -> None:
    empty: Json = {
        "price_series": {"instrument": {"kind": "INSTRUMENT_KIND_CEA"}, "venue": "abandoned"},
        "price_series_id": "a-abandoned",
    }
    client.call("pricing.PriceService/CreatePriceSeries", empty, role="pricing_analyst")
    request: Json = {
        "buyer": "customers/plant-01",
        "instrument": ALLOWANCE,
        "tonnes": 7,
        "trade_date": day("2025-01-03"),
    }
    answer = client.call(f"{SERVICE}/TransferAllowances", request, role="trade_reviewer")
    assert cast("trade_pb2.Trade", answer).unit_price.value == "80"
    named = {**request, "mode": "TRADE_MODE_INTERNAL", "unit_price": number("79")}
    [remark] = record(client, {**named, "external_id": "by-rule", "venue": "INTERNAL"}).rejections
    assert remark.reason == "PRICE_NOT_BY_RULE"
    assert "DAY_CLOSE of 2025-01-03 in priceSeries/" in remark.message


def test_refuses_a_transfer_of_a_day_without_a_price(client: Client) -> None:
    request: Json = {
        "buyer": "customers/plant-01",
        "instrument": ALLOWANCE,
        "tonnes": 50,
        "trade_date": day("2025-01-06"),
    }
    with pytest.raises(grpc.RpcError) as refused:
        client.call(f"{SERVICE}/TransferAllowances", request, role="trade_reviewer")
    assert reason_of(refused.value) == "PRICE_MISSING"


def test_takes_in_the_disclosed_sale_to_the_fen_in_the_first_open_month(client: Client) -> None:
    with PUBLISHED.open(encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    sale = listed(
        "announcement-2022-115",
        mode=f"TRADE_MODE_{row['mode']}",
        instrument={"kind": "INSTRUMENT_KIND_CEA", "vintage": 2020},
        side="TRADE_SIDE_SELL",
        trade_date=day(row["trade_date"]),
        tonnes=row["volume_tonnes"],
        unit_price=number(row["unit_price_cny_tax_inclusive"]),
        tax_inclusive=True,
    )
    answer = record(client, sale)
    assert not answer.rejections
    assert [warning.reason for warning in answer.warnings] == ["PREVIOUS_CLOSE_UNKNOWN"]
    assert answer.outcomes[0].booking_month == "2025-01"
    allocate(client)
    [part] = [each for each in allocations(client) if each.origin_month == "2022-12"]
    assert (part.amount.units, part.amount.nanos) == (17_525_548, 880_000_000)


def test_corrects_a_trade_by_a_new_version(client: Client) -> None:
    record(client, listed("misread"))
    request: Json = {"name": "trades/misread", "etag": "1", "tonnes": "900", "reason": "misread"}
    answer = client.call(f"{SERVICE}/CorrectTrade", request, role="trade_reviewer")
    trade = cast("trade_pb2.Trade", answer)
    assert (trade.version, trade.tonnes, trade.amount.units) == (2, 900, 72_000)
    with pytest.raises(grpc.RpcError) as refused:
        client.call(f"{SERVICE}/CorrectTrade", request, role="trade_reviewer")
    assert reason_of(refused.value) == "ETAG_CHANGED"


def test_lists_trades_by_pages_and_shows_the_pool(client: Client) -> None:
    record(client, listed("first-page"), listed("second-page"))
    names: list[str] = []
    token = ""
    for _ in range(20):
        request = {"month": "2025-01", "page_size": 2, "page_token": token}
        answer = client.call(f"{SERVICE}/ListTrades", request, role="auditor")
        page = cast("trade_service_pb2.ListTradesResponse", answer)
        names += [trade.name for trade in page.trades]
        token = page.next_page_token
        if not token:
            break
    assert names == sorted(set(names))
    answer = client.call(
        f"{SERVICE}/GetPoolPosition", {"as_of_date": day("2025-01-31")}, role="auditor"
    )
    assert cast("trade_service_pb2.GetPoolPositionResponse", answer) is not None
