"""The files of the sample group fit the contract as it stands."""

from pathlib import Path

import pytest
from google.protobuf.message import Message
from tanheng.billing.v1 import asset_scale_service_pb2, customer_service_pb2
from tanheng.incentives.v1 import scheme_pb2
from tanheng.pricing.v1 import (
    fee_schedule_service_pb2,
    management_modes_pb2,
    price_service_pb2,
    quote_pb2,
)
from tanheng.settlement.v1 import contract_service_pb2, trade_pb2, trade_service_pb2

from clients.cli.messages import fill
from clients.cli.records import Row, read_rows, read_yaml

GROUP = Path(__file__).resolve().parents[4] / "samples" / "group"


def without(row: Row, *keys: str) -> Row:
    return Row(row.number, {key: row.record[key] for key in row.record if key not in keys})


@pytest.mark.parametrize(
    ("file", "under", "kind", "beside"),
    [
        ("group.yaml", "customers", customer_service_pb2.Customer, "customer_id"),
        ("scales.csv", "", asset_scale_service_pb2.AssetScaleRow, ""),
        ("contracts.yaml", "contracts", contract_service_pb2.Contract, "contract_id"),
        ("trades.csv", "", trade_pb2.Trade, ""),
        ("transfers.csv", "", trade_service_pb2.TransferAllowancesRequest, ""),
        ("scheme.yaml", "assignments", scheme_pb2.Assignment, ""),
        ("prices/cea-composite.csv", "", price_service_pb2.PriceRow, ""),
        ("prices/ccer-composite.csv", "", price_service_pb2.PriceRow, ""),
    ],
)
def test_every_row_is_one_of_the_contract(
    file: str, under: str, kind: type[Message], beside: str
) -> None:
    rows = read_rows(GROUP / file, under=under)
    assert rows
    for row in rows:
        without(row, beside).into(kind())


def test_every_revision_is_one_of_the_contract() -> None:
    for row in read_rows(GROUP / "fee_schedules.yaml", under="fee_schedules"):
        schedule = without(row, "fee_schedule_id", "revisions")
        schedule.into(fee_schedule_service_pb2.FeeSchedule())
        revisions = row.record["revisions"]
        assert isinstance(revisions, list)
        for revision in revisions:
            fill(fee_schedule_service_pb2.FeeScheduleRevision(), revision)


def test_the_scheme_is_one_of_the_contract() -> None:
    scheme = read_yaml(GROUP / "scheme.yaml")["scheme"]
    assert isinstance(scheme, dict)
    assert fill(scheme_pb2.Scheme(), scheme).annual_target.units > 0


def test_the_season_of_both_ways_is_one_of_the_contract() -> None:
    request = management_modes_pb2.CompareManagementModesRequest()
    filled = fill(request, read_yaml(GROUP / "management_modes.yaml"))
    assert [plant.plant for plant in filled.plants] == ["hanchuan", "jiujiang", "suqian"]


def test_the_promise_to_be_priced_is_one_of_the_contract() -> None:
    filled = fill(quote_pb2.QuoteGuaranteeRequest(), read_yaml(GROUP / "quote.yaml"))
    assert filled.total_tonnes == 120_000


def test_the_group_says_that_it_is_invented() -> None:
    assert "nvented" in str(read_yaml(GROUP / "group.yaml")["label"])
