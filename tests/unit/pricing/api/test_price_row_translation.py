import uuid

import pytest
from google.type.date_pb2 import Date
from google.type.decimal_pb2 import Decimal
from google.type.money_pb2 import Money
from tanheng.pricing.v1 import price_service_pb2 as wire

from services.bootstrap.contract import services_of_the_contract
from services.pricing.api.price_row_translation import from_wire_rows
from services.runtime.interceptors.validation import InvalidFields, RequestValidator

DAY = Date(year=2025, month=7, day=1)
UNREADABLE = wire.PriceRow(
    date=Date(year=2025, month=2, day=30),
    close=Decimal(value="NaN"),
    low=Decimal(value="74,22"),
    high=Decimal(value="74.2200001"),
    amount=Money(currency_code="CNY", units=1, nanos=1),
    block_amount=Money(currency_code="???", units=1),
)


@pytest.fixture(scope="module")
def validator() -> RequestValidator:
    return RequestValidator(tuple(services_of_the_contract()))


def request(row: wire.PriceRow) -> wire.ImportPricesRequest:
    return wire.ImportPricesRequest(
        series="priceSeries/cea", rows=[row], source="a file", request_id=str(uuid.uuid4())
    )


def test_tells_unset_from_zero() -> None:
    (unset,) = from_wire_rows([wire.PriceRow(date=DAY)])
    (zero,) = from_wire_rows([wire.PriceRow(date=DAY, volume_tonnes=0)])
    assert (unset.volume_tonnes, zero.volume_tonnes) == (None, 0)
    assert (unset.close, unset.quality, unset.unreadable) == (None, None, ())


def test_names_every_field_that_it_cannot_read() -> None:
    (row,) = from_wire_rows([UNREADABLE])
    named = [(issue.field, issue.reason) for issue in row.unreadable]
    assert named == [
        ("date", "NOT_A_DATE"),
        *((field, "NOT_A_NUMBER") for field in ("close", "low", "high", "amount", "block_amount")),
    ]


def test_counts_rows_from_zero() -> None:
    rows = from_wire_rows([wire.PriceRow(date=DAY), UNREADABLE])
    assert [row.row for row in rows] == [0, 1]
    assert {issue.row for issue in rows[1].unreadable} == {1}


def test_lets_a_wrong_figure_reach_its_row(validator: RequestValidator) -> None:
    validator.validate(request(UNREADABLE))


def test_refuses_a_request_that_is_wrong_as_a_whole(validator: RequestValidator) -> None:
    wrong = request(wire.PriceRow(quality=9))  # type: ignore[arg-type]
    wrong.series = "cea"
    with pytest.raises(InvalidFields) as caught:
        validator.validate(wrong)
    fields = {violation.field for violation in caught.value.violations}
    assert fields == {"series", "rows[0].quality"}
