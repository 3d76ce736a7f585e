"""Options of several parts."""

import pytest
import typer
from tanheng.billing.v1 import billing_service_pb2
from tanheng.common.v1 import common_pb2
from tanheng.pricing.v1 import price_service_pb2

from clients.cli.messages import Record
from clients.cli.options import from_options, parts, span

TIER = ("UP_TO", "PRICE", "FLAT?")


def test_takes_a_composed_option_apart() -> None:
    assert parts("5000000:0.30", TIER, "--tier") == {"UP_TO": "5000000", "PRICE": "0.30"}


def test_an_empty_part_is_left_out() -> None:
    assert parts(":0.25:10000.00", TIER, "--tier") == {"PRICE": "0.25", "FLAT": "10000.00"}


@pytest.mark.parametrize("text", ["0.25", "1:2:3:4"])
def test_refuses_too_few_and_too_many_parts(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="UP_TO:PRICE"):
        parts(text, TIER, "--tier")


def test_a_wrong_option_is_a_usage_error_that_names_it() -> None:
    record = {"kind": "MEDIAN", **span("2025-06-30", "2025-07-07")}
    with pytest.raises(typer.BadParameter, match="VWAP, TWAP") as refused:
        from_options(price_service_pb2.ComputeAverageRequest(), record)
    assert refused.value.param_hint == "--kind"


@pytest.mark.parametrize(
    ("start", "end", "asked"),
    [
        ("2025-01-01", "2025-02-01", ("2025-01-01", "2025-02-01")),
        ("2025-01-01", "", ("2025-01-01", "2100-01-01")),
        ("", "2025-02-01", ("2000-01-01", "2025-02-01")),
    ],
)
def test_leaves_the_end_open_that_is_not_given(
    start: str, end: str, asked: tuple[str, str]
) -> None:
    assert span(start, end) == {"date_range": {"start_date": asked[0], "end_date": asked[1]}}


def test_asks_for_no_span_without_a_day() -> None:
    assert span("", "") == {}


def test_names_the_one_option_that_a_record_came_from() -> None:
    with pytest.raises(typer.BadParameter) as refused:
        from_options(common_pb2.Tier(), {"unit_price": "dear"}, option="--promise")
    assert refused.value.param_hint == "--promise"


@pytest.mark.parametrize(
    ("record", "option"),
    [
        (span("soon", ""), "--start"),
        (span("", "late"), "--end"),
        ({"known_at": "once"}, "--known-at"),
    ],
)
def test_names_an_option_as_it_is_written(record: Record, option: str) -> None:
    with pytest.raises(typer.BadParameter) as refused:
        from_options(price_service_pb2.ComputeAverageRequest(), record)
    assert refused.value.param_hint == option


def test_says_how_a_composed_option_is_written() -> None:
    with pytest.raises(
        typer.BadParameter, match=r"'0\.30' is not of the form UP_TO:PRICE\[:FLAT\]"
    ):
        parts("0.30", ("UP_TO", "PRICE", "FLAT?"), "--tier")


def test_names_the_option_that_a_part_of_a_tier_came_from() -> None:
    with pytest.raises(typer.BadParameter) as refused:
        from_options(
            billing_service_pb2.PreviewManagementFeeRequest(), {"tiers": [{"unit_price": "dear"}]}
        )
    assert refused.value.param_hint == "--tier"
