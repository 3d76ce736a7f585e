"""Validation: every wrong field is named, by its path, before anything else happens."""

import uuid
from collections.abc import Callable

import pytest
from google.protobuf.message import Message
from google.type.date_pb2 import Date
from google.type.decimal_pb2 import Decimal
from google.type.money_pb2 import Money
from tanheng.billing.v1 import asset_scale_service_pb2, billing_service_pb2
from tanheng.common.v1 import common_pb2
from tanheng.incentives.v1 import incentive_service_pb2
from tanheng.pricing.v1 import price_service_pb2

from services.bootstrap.contract import services_of_the_contract
from services.runtime.interceptors.validation import (
    InvalidFields,
    Malformed,
    MalformedMessage,
    RequestValidator,
)

Preview = billing_service_pb2.PreviewManagementFeeRequest
Start = billing_service_pb2.StartBillingRunRequest
Get = billing_service_pb2.GetBillingRunRequest
Series = price_service_pb2.CreatePriceSeriesRequest
Metrics = incentive_service_pb2.ListMetricsRequest
Sign = incentive_service_pb2.ApproveIncentiveRunRequest
Average = price_service_pb2.ComputeAverageRequest
SPAN = common_pb2.DateRange(
    start_date=Date(year=2025, month=3, day=1), end_date=Date(year=2025, month=3, day=2)
)


@pytest.fixture(scope="module")
def validator() -> RequestValidator:
    return RequestValidator(tuple(services_of_the_contract()))


@pytest.fixture
def wrong_fields(validator: RequestValidator) -> Callable[[Message], list[str]]:
    def ask(request: Message) -> list[str]:
        try:
            validator.validate(request)
        except InvalidFields as refusal:
            return sorted({violation.field for violation in refusal.violations})
        return []

    return ask


Asking = Callable[[Message], list[str]]


def _tier(**fields: object) -> common_pb2.Tier:
    return common_pb2.Tier(unit_price=Decimal(value="0.35"), **fields)  # type: ignore[arg-type]


def test_lets_a_right_request_pass(wrong_fields: Asking) -> None:
    right = Preview(
        year=2025,
        customer="customers/hanchuan",
        tiers=[_tier(up_to=Decimal(value="1000000")), _tier()],
        minimum_annual=Money(currency_code="CNY", units=10_000),
        service_period=common_pb2.DateRange(
            start_date=Date(year=2025, month=1, day=1), end_date=Date(year=2025, month=7, day=1)
        ),
    )
    assert wrong_fields(right) == []
    assert wrong_fields(Start(month="2025-03", request_id=str(uuid.uuid4()))) == []


def test_names_every_wrong_field_at_once(wrong_fields: Asking) -> None:
    wrong = Preview(
        year=3000,
        charge_model=77,  # type: ignore[arg-type]
        customer="hanchuan",
        scale_tonnes=Decimal(value="many"),
        minimum_annual=Money(currency_code="CNY", nanos=1),
        tiers=[_tier(), _tier(up_to=Decimal(value="1e6"))],
    )
    assert wrong_fields(wrong) == [
        "charge_model",
        "customer",
        "minimum_annual",
        "scale_tonnes",
        "tiers[1].up_to",
        "year",
    ]


def test_says_in_words_and_once_what_also_breaks_a_pattern(validator: RequestValidator) -> None:
    with pytest.raises(InvalidFields) as refusal:
        validator.validate(Average(series="cea", date_range=SPAN, kind=1))  # type: ignore[arg-type]
    words = "series: 'cea' is not a name; write it as priceSeries/{price_series}"
    assert refusal.value.message == words


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            Series(price_series_id="CEA"),
            "price_series_id: 'CEA' is no id; write a lower-case letter",
        ),
        (Metrics(cycle="2025-Q5"), "cycle: '2025-Q5' is no cycle; write 2025, 2025-Q1 or 2025-03"),
        (Series(), "price_series_id: is unset, and required"),
        (Sign(digest="f00"), "digest: 'f00' is no digest; copy the 64 digits and letters"),
    ],
)
def test_shows_no_pattern_to_people(
    wrong: Message, words: str, validator: RequestValidator
) -> None:
    with pytest.raises(InvalidFields) as refusal:
        validator.validate(wrong)
    said = [f"{each.field}: {each.description}" for each in refusal.value.violations]
    assert [each for each in said if each.startswith(words)], said
    assert not [each for each in said if "regex" in each]


@pytest.mark.parametrize("month", ["2025-3", "2025-13", "march", "2025/03", "1889-01"])
def test_knows_a_month_by_the_name_of_its_field(month: str, wrong_fields: Asking) -> None:
    assert wrong_fields(Start(month=month, request_id=str(uuid.uuid4()))) == ["month"]


@pytest.mark.parametrize("request_id", ["", "1", "not-a-uuid", "0" * 36])
def test_asks_for_a_request_id(request_id: str, wrong_fields: Asking) -> None:
    assert wrong_fields(Start(month="2025-03", request_id=request_id)) == ["request_id"]


@pytest.mark.parametrize(
    "name",
    [
        *("2025-03-1", "billingRuns/", "/billingRuns/a", "billingRuns/a/b", "invoices/2025-03-1"),
        *("billingRuns/../x", "billingRuns/a b", "billingRuns/a\n", "billingRuns/-a"),
    ],
)
def test_knows_a_name_by_the_pattern_of_its_resource(name: str, wrong_fields: Asking) -> None:
    assert wrong_fields(Get(name=name)) == ["name"]
    assert wrong_fields(Get(name="billingRuns/2025-03-1")) == []


def test_refuses_text_that_no_database_can_keep(wrong_fields: Asking) -> None:
    scale = asset_scale_service_pb2.SetAssetScaleRequest(source="a\x00b")
    assert "source" in wrong_fields(scale)


def test_refuses_a_span_backward(wrong_fields: Asking) -> None:
    day, before = Date(year=2025, month=3, day=2), Date(year=2025, month=3, day=1)
    backward = common_pb2.DateRange(start_date=day, end_date=before)
    assert wrong_fields(Preview(year=2025, service_period=backward)) == ["service_period"]


def test_names_the_day_rather_than_the_span_that_holds_it(wrong_fields: Asking) -> None:
    no_day, day = Date(year=2025, month=2, day=30), Date(year=2025, month=3, day=1)
    span = common_pb2.DateRange(start_date=no_day, end_date=day)
    assert wrong_fields(Preview(year=2025, service_period=span)) == ["service_period.start_date"]


def test_says_how_many_more_are_wrong(validator: RequestValidator) -> None:
    with pytest.raises(InvalidFields, match="and 1 more"):
        validator.validate(Start())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Start(month="2025-03", request_id="7"), "'7' must be a valid UUID"),
        (Preview(year=3000), "3000 must be greater than or equal to 0 and less than or equal to"),
        (
            Preview(year=2025, charge_model=77),  # type: ignore[arg-type]
            "77 is none of them; choose one of FLAT, GRADUATED, VOLUME",
        ),
        (Average(series="priceSeries/a", date_range=SPAN), "is unset; choose one of VWAP, TWAP"),
        (Get(), "value is required"),
    ],
)
def test_says_which_value_is_wrong(wrong: Message, said: str, validator: RequestValidator) -> None:
    with pytest.raises(InvalidFields) as caught:
        validator.validate(wrong)
    assert caught.value.violations[0].description.startswith(said)


def test_refuses_bytes_that_are_no_message(validator: RequestValidator) -> None:
    with pytest.raises(MalformedMessage, match="check your client"):
        validator.validate(Malformed("wire type 7"))
