"""Prices and tariffs as a caller meets them: over the wire, in a role."""

import itertools
from typing import cast

import grpc
import pytest
from google.protobuf import json_format
from tanheng.pricing.v1 import fee_schedule_service_pb2, price_service_pb2

from tests.builders.price_requests import price_row, published_row, read_csv
from tests.support.client import Client, Json, reason_of
from tests.support.service import Service

_NUMBERS = itertools.count(1)
WEEK = {
    "start_date": {"year": 2025, "month": 6, "day": 30},
    "end_date": {"year": 2025, "month": 7, "day": 5},
}


@pytest.fixture(scope="module")
def client(module_service: Service) -> Client:
    """A client of the shared service."""
    return Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )


def new_series(client: Client) -> str:
    answer = client.call(
        "pricing.PriceService/CreatePriceSeries",
        {
            "price_series": {"instrument": {"kind": "INSTRUMENT_KIND_CEA"}, "venue": "cneeex"},
            "price_series_id": f"series-{next(_NUMBERS)}",
        },
        role="pricing_analyst",
    )
    return cast("price_service_pb2.PriceSeries", answer).name


def rows_of(rows: list[price_service_pb2.PriceRow]) -> list[Json]:
    return [json_format.MessageToDict(row, preserving_proto_field_name=True) for row in rows]


def imported(
    client: Client, request: Json, *, role: str = "pricing_analyst"
) -> price_service_pb2.ImportPricesResponse:
    answer = client.call("pricing.PriceService/ImportPrices", request, role=role)
    return cast("price_service_pb2.ImportPricesResponse", answer)


def week_request(series: str) -> dict[str, object]:
    week = read_csv("published/published_week_2025-06-30.csv")
    rows = [published_row(cells) for cells in week if cells["instrument"] == "CEA"]
    return {"series": series, "rows": rows_of(rows), "source": "a published week"}


def test_a_published_week_is_imported_and_averaged(client: Client) -> None:
    series = new_series(client)
    assert imported(client, week_request(series)).accepted_count == 5
    asked = {"series": series, "date_range": WEEK, "kind": "AVERAGE_KIND_VWAP"}
    answer = client.call("pricing.PriceService/ComputeAverage", asked, role="auditor")
    mean = cast("price_service_pb2.ComputeAverageResponse", answer)
    assert (mean.average.value, mean.volume_tonnes) == ("73.58366", 1_084_151)
    assert (mean.amount.units, mean.amount.nanos) == (79_775_799, 100_000_000)


def test_a_trial_import_keeps_nothing(client: Client) -> None:
    series = new_series(client)
    trial = imported(client, {**week_request(series), "validate_only": True})
    assert trial.accepted_count == 5
    answer = client.call("pricing.PriceService/ListPricePoints", {"series": series}, role="trader")
    assert not cast("price_service_pb2.ListPricePointsResponse", answer).price_points


def test_a_row_that_cannot_be_read_refuses_itself_alone(client: Client) -> None:
    good = price_row({"date": "2025-07-01", "close": "74.22"})
    bad = price_service_pb2.PriceRow(quality="PRICE_QUALITY_FINAL")  # type: ignore[arg-type]
    bad.close.value = "n/a"
    request = {"series": new_series(client), "rows": rows_of([good, bad]), "source": "a file"}
    answer = imported(client, request)
    assert answer.accepted_count == 1
    named = [(issue.row, issue.field, issue.reason) for issue in answer.rejections]
    assert named == [(1, "close", "NOT_A_NUMBER"), (1, "date", "DATE_MISSING")]


def test_a_missing_price_has_a_name(client: Client) -> None:
    asked = {"series": new_series(client), "date_range": WEEK, "kind": "AVERAGE_KIND_TWAP"}
    with pytest.raises(grpc.RpcError) as caught:
        client.call("pricing.PriceService/ComputeAverage", asked, role="trader")
    assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert reason_of(caught.value) == "PRICE_MISSING"


def test_a_tariff_needs_two_people_and_is_then_the_customers_rate_card(client: Client) -> None:
    revision = _draft(client)
    with pytest.raises(grpc.RpcError) as caught:
        client.call(
            "pricing.FeeScheduleService/ApproveFeeScheduleRevision",
            {"name": revision},
            role="finance_director",
            subject="pricing_analyst",
        )
    assert reason_of(caught.value) == "MAKER_IS_CHECKER"
    approve = "pricing.FeeScheduleService/ApproveFeeScheduleRevision"
    client.call(approve, {"name": revision}, role="finance_director")
    assert _rate_card(client, "customers/hanchuan") == revision
    with pytest.raises(grpc.RpcError) as refused:
        _rate_card(client, "customers/other")
    assert reason_of(refused.value) in {"RESOURCE_NOT_FOUND", "CUSTOMER_OUT_OF_SCOPE"}


def _draft(client: Client) -> str:
    """Register two customers and draft a tariff for their class."""
    for customer in ("hanchuan", "other"):
        facts = {
            "display_name": customer,
            "customer_class": "CUSTOMER_CLASS_INTERNAL",
            "kind": "CUSTOMER_KIND_THERMAL",
            "service_start_date": {"year": 2025, "month": 1, "day": 1},
        }
        request = {"customer": facts, "customer_id": customer}
        client.call("billing.CustomerService/CreateCustomer", request, role="admin")
    schedule = {
        "service": "SERVICE_DAILY_MANAGEMENT",
        "customer_class": "CUSTOMER_CLASS_INTERNAL",
    }
    client.call(
        "pricing.FeeScheduleService/CreateFeeSchedule",
        {"fee_schedule": schedule, "fee_schedule_id": "daily"},
        role="pricing_analyst",
    )
    terms = {
        "effective_date": {"year": 2025, "month": 1, "day": 1},
        "charge_model": "CHARGE_MODEL_FLAT",
        "tiers": [{"unit_price": {"value": "0.30"}}],
        "tax_rate": {"value": "0.06"},
    }
    answer = client.call(
        "pricing.FeeScheduleService/CreateFeeScheduleRevision",
        {
            "parent": "feeSchedules/daily",
            "fee_schedule_revision": terms,
            "fee_schedule_revision_id": "r2025",
        },
        role="pricing_analyst",
    )
    return cast("fee_schedule_service_pb2.FeeScheduleRevision", answer).name


def _rate_card(client: Client, customer: str) -> str:
    answer = client.call(
        "pricing.FeeScheduleService/ResolveRateCard",
        {
            "customer": customer,
            "service": "SERVICE_DAILY_MANAGEMENT",
            "date": {"year": 2025, "month": 6, "day": 1},
        },
        role="customer",
        customers=("customers/hanchuan",),
    )
    return cast("fee_schedule_service_pb2.FeeScheduleRevision", answer).name


def test_a_volatility_says_what_it_rests_on_and_refuses_too_few_days(client: Client) -> None:
    series = new_series(client)
    assert imported(client, week_request(series)).accepted_count == 5
    with pytest.raises(grpc.RpcError) as refused:
        client.call(
            "pricing.PriceService/EstimateVolatility",
            {"series": series, "date_range": WEEK},
            role="trader",
        )
    assert reason_of(refused.value) == "PRICE_MISSING"
    assert "at least 20" in str(refused.value.details())


def test_an_import_names_the_days_that_it_supersedes(client: Client) -> None:
    series = new_series(client)
    estimate = price_row({"date": "2025-07-01", "close": "74.22", "quality": "ESTIMATED"})
    final = price_row({"date": "2025-07-01", "close": "74.22"})
    imported(client, {"series": series, "rows": rows_of([estimate]), "source": "an estimate"})
    trial = {"series": series, "rows": rows_of([final]), "source": "a file", "validate_only": True}
    (day,) = imported(client, trial).superseded
    assert day.change == price_service_pb2.PRICE_CHANGE_QUALITY_CLIMBED
    (day,) = imported(client, {**trial, "validate_only": False}).superseded
    assert day.new_quality == price_service_pb2.PRICE_QUALITY_FINAL
