"""What a draft of a tariff would change, over the wire: customers and scales by billing."""

from typing import cast

import grpc
import pytest
from tanheng.pricing.v1 import fee_schedule_service_pb2 as wire

from tests.support.client import Client, Json, reason_of
from tests.support.month import GroupOffice, day, number
from tests.support.service import Service

PREVIEW = "pricing.FeeScheduleService/PreviewPriceChange"
SCHEDULE = "feeSchedules/daily-internal"


@pytest.fixture(scope="module")
def client(module_service: Service) -> Client:
    """A client of the shared service, where three plants are served."""
    client = Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )
    GroupOffice(client).set_up(plants=3)
    return client


def draft(price: str = "0.28", *, start: str = "2025-07-01") -> Json:
    return {
        "effective_date": day(start),
        "charge_model": "CHARGE_MODEL_FLAT",
        "tiers": [{"unit_price": number(price)}],
        "tax_rate": number("0.06"),
    }


def previewed(client: Client, request: Json) -> wire.PreviewPriceChangeResponse:
    answer = client.call(PREVIEW, request, role="finance_director")
    return cast("wire.PreviewPriceChangeResponse", answer)


def test_names_who_pays_how_much_more_from_when(client: Client) -> None:
    found = previewed(client, {"fee_schedule": SCHEDULE, "draft": draft(), "page_size": 2})
    first, second = found.changes
    assert first.customer == "customers/plant-01"
    assert (first.annual_before.units, first.annual_after.units) == (350_000, 280_000)
    assert (second.annual_before.units, second.annual_after.units) == (650_000, 560_000)
    assert (first.from_date.month, first.scale_tonnes.value) == (7, "1000000")
    assert first.year_difference.units == -35_287
    assert (found.totals.customer_count, found.totals.less_count) == (3, 3)
    rest = previewed(
        client,
        {
            "fee_schedule": SCHEDULE,
            "draft": draft(),
            "page_size": 2,
            "page_token": found.next_page_token,
        },
    )
    assert [change.customer for change in rest.changes] == ["customers/plant-03"]
    assert not rest.HasField("totals")


def test_keeps_nothing(client: Client) -> None:
    previewed(client, {"fee_schedule": SCHEDULE, "draft": draft("0.01")})
    listed = client.call(
        "pricing.FeeScheduleService/ListFeeScheduleRevisions",
        {"parent": SCHEDULE},
        role="finance_director",
    )
    revisions = cast("wire.ListFeeScheduleRevisionsResponse", listed).fee_schedule_revisions
    assert [each.name for each in revisions] == [f"{SCHEDULE}/revisions/r2025"]


def test_a_year_without_scales_names_them_missing(client: Client) -> None:
    found = previewed(client, {"fee_schedule": SCHEDULE, "draft": draft(start="2026-01-01")})
    assert found.totals.scale_missing_count == 3
    request = {"fee_schedule": SCHEDULE, "draft": draft(start="2026-01-01"), "scale_year": 2025}
    assert previewed(client, request).totals.scale_missing_count == 0


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"fee_schedule": SCHEDULE}, "FIELDS_EXCLUDE_EACH_OTHER"),
        ({"fee_schedule": "feeSchedules/none", "draft": draft()}, "RESOURCE_NOT_FOUND"),
        (
            {"fee_schedule": SCHEDULE, "revision": f"{SCHEDULE}/revisions/r2025"},
            "WRONG_STATE",
        ),
        ({"fee_schedule": SCHEDULE, "draft": draft("-1")}, "INVALID_FIELDS"),
    ],
)
def test_refuses_what_cannot_be_previewed(client: Client, request_: Json, reason: str) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        previewed(client, request_)
    assert reason_of(refused.value) == reason
