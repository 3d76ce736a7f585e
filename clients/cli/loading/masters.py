"""Customers, scales, fee schedules, contracts and the scheme: what stands before any trade."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tanheng.billing.v1 import (
    asset_scale_service_pb2,
    asset_scale_service_pb2_grpc,
    customer_service_pb2,
    customer_service_pb2_grpc,
)
from tanheng.incentives.v1 import scheme_service_pb2, scheme_service_pb2_grpc
from tanheng.pricing.v1 import fee_schedule_service_pb2, fee_schedule_service_pb2_grpc
from tanheng.settlement.v1 import contract_service_pb2, contract_service_pb2_grpc

from clients.cli.connection import Connection, new_request_id
from clients.cli.errors import InputRefused
from clients.cli.loading.report import Remark, Report, answered, create_each
from clients.cli.messages import Record
from clients.cli.records import Row, read_yaml

_Result = asset_scale_service_pb2.AssetScaleOutcome.Result
_Scale = asset_scale_service_pb2.AssetScaleRow


def load_customers(connection: Connection, rows: Sequence[Row]) -> Report:
    """Create a customer per row."""
    stub = customer_service_pb2_grpc.CustomerServiceStub(connection.channel)

    def create(row: Row) -> str:
        request = _nested(row, "customer").into(customer_service_pb2.CreateCustomerRequest())
        return connection.call(stub.CreateCustomer, request).name

    return create_each(Report("customers"), rows, create)


def load_scales(connection: Connection, rows: Sequence[Row]) -> Report:
    """Set the carbon-asset scales of customers and years."""
    stub = asset_scale_service_pb2_grpc.AssetScaleServiceStub(connection.channel)
    report = Report("asset scales")

    def send(read: Sequence[_Scale]) -> asset_scale_service_pb2.SetAssetScalesResponse:
        request = asset_scale_service_pb2.SetAssetScalesRequest(
            asset_scales=read, request_id=new_request_id()
        )
        return connection.call(stub.SetAssetScales, request)

    for sent, answer in answered(report, rows, _Scale, send):
        for outcome in answer.outcomes:
            _count_scale(report, sent, outcome)
    return report


def load_contracts(connection: Connection, rows: Sequence[Row]) -> Report:
    """Draft a contract per row."""
    stub = contract_service_pb2_grpc.ContractServiceStub(connection.channel)

    def create(row: Row) -> str:
        request = _nested(row, "contract").into(contract_service_pb2.CreateContractRequest())
        return connection.call(stub.CreateContract, request).name

    return create_each(Report("contracts"), rows, create)


def approve_contracts(connection: Connection, names: Sequence[str]) -> Report:
    """Approve drafted contracts by name."""
    stub = contract_service_pb2_grpc.ContractServiceStub(connection.channel)

    def approve(row: Row) -> str:
        request = contract_service_pb2.ApproveContractRequest(request_id=new_request_id())
        return connection.call(stub.ApproveContract, row.into(request)).name

    return create_each(Report("contract approvals"), _rows_of_names(names), approve)


def load_fee_schedules(connection: Connection, rows: Sequence[Row]) -> Report:
    """Open a fee schedule per row, without its revisions."""
    stub = fee_schedule_service_pb2_grpc.FeeScheduleServiceStub(connection.channel)

    def create(row: Row) -> str:
        schedule = Row(row.number, {k: v for k, v in row.record.items() if k != "revisions"})
        request = _nested(schedule, "fee_schedule").into(
            fee_schedule_service_pb2.CreateFeeScheduleRequest()
        )
        return connection.call(stub.CreateFeeSchedule, request).name

    return create_each(Report("fee schedules"), rows, create)


def load_fee_revisions(connection: Connection, rows: Sequence[Row]) -> Report:
    """Draft the revisions of fee schedules; without an id one is named by its effective date."""
    stub = fee_schedule_service_pb2_grpc.FeeScheduleServiceStub(connection.channel)

    def create(row: Row) -> str:
        request = row.into(fee_schedule_service_pb2.CreateFeeScheduleRevisionRequest())
        return connection.call(stub.CreateFeeScheduleRevision, request).name

    drafts = [draft for row in rows for draft in _revisions(row)]
    return create_each(Report("fee schedule revisions"), drafts, create)


def approve_fee_revisions(connection: Connection, names: Sequence[str]) -> Report:
    """Approve drafted revisions by name."""
    stub = fee_schedule_service_pb2_grpc.FeeScheduleServiceStub(connection.channel)

    def approve(row: Row) -> str:
        request = fee_schedule_service_pb2.ApproveFeeScheduleRevisionRequest(
            request_id=new_request_id()
        )
        return connection.call(stub.ApproveFeeScheduleRevision, row.into(request)).name

    return create_each(Report("revision approvals"), _rows_of_names(names), approve)


def load_scheme(connection: Connection, path: Path) -> Report:
    """Draft the incentive scheme of a file."""
    stub = scheme_service_pb2_grpc.SchemeServiceStub(connection.channel)
    document = read_yaml(path)

    def create(row: Row) -> str:
        request = row.into(scheme_service_pb2.CreateSchemeRequest())
        return connection.call(stub.CreateScheme, request).name

    record = {
        "scheme_id": _required(document, "scheme_id", path),
        "scheme": _required(document, "scheme", path),
        "request_id": new_request_id(),
    }
    return create_each(Report("schemes"), [Row(1, record)], create)


def read_assignments(path: Path) -> scheme_service_pb2.SetAssignmentsRequest:
    """Read who takes part in the scheme of a file; before it is drafted, as a draft stays.

    Raises:
        InputRefused: they are not there, or cannot be read.
    """
    document = read_yaml(path)
    record = {
        "scheme": f"schemes/{_required(document, 'scheme_id', path)}",
        "assignments": _required(document, "assignments", path),
        "request_id": new_request_id(),
    }
    return Row(1, record).into(scheme_service_pb2.SetAssignmentsRequest())


def load_assignments(
    connection: Connection, request: scheme_service_pb2.SetAssignmentsRequest
) -> Report:
    """Set who takes part in a scheme, with which weight."""
    stub = scheme_service_pb2_grpc.SchemeServiceStub(connection.channel)
    answer = connection.call(stub.SetAssignments, request)
    return Report("assignments", accepted_count=answer.assignment_count)


def _nested(row: Row, resource: str) -> Row:
    """Put a record under the name of its resource, beside its id and a fresh request id."""
    inner = dict(row.record)
    key = f"{resource}_id"
    record = {key: inner.pop(key, None), resource: inner, "request_id": new_request_id()}
    return Row(row.number, record)


def _revisions(row: Row) -> list[Row]:
    parent = f"feeSchedules/{row.record.get('fee_schedule_id', '')}"
    listed = row.record.get("revisions", [])
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise InputRefused(f"row {row.number}: revisions is no list of revisions")
    return [Row(row.number, _revision(parent, each)) for each in listed]


def _revision(parent: str, given: Record) -> Record:
    revision = dict(given)
    by_date = f"r{revision.get('effective_date', '')}"
    return {
        "parent": parent,
        "fee_schedule_revision_id": revision.pop("fee_schedule_revision_id", by_date),
        "fee_schedule_revision": revision,
        "request_id": new_request_id(),
    }


def _count_scale(
    report: Report,
    batch: Sequence[Row],
    outcome: asset_scale_service_pb2.AssetScaleOutcome,
) -> None:
    if outcome.result == _Result.RESULT_RECORDED:
        report.accepted_count += 1
    elif outcome.result == _Result.RESULT_ALREADY_RECORDED:
        report.already_there_count += 1
    else:
        number = batch[outcome.row].number
        report.rejections.append(Remark(number, outcome.field, outcome.reason, outcome.message))


def _rows_of_names(names: Sequence[str]) -> list[Row]:
    return [Row(number, {"name": name}) for number, name in enumerate(names, start=1)]


def _required(document: Record, key: str, path: Path) -> object:
    if key not in document:
        raise InputRefused(f"{path} has no {key}")
    return document[key]
