"""Waiting for long work."""

import grpc
import pytest
from google.longrunning import operations_pb2
from tanheng.billing.v1 import billing_service_pb2
from tanheng.common.v1 import common_pb2

from clients.cli import operations
from clients.cli.connection import Target, connect
from clients.cli.errors import CallRefused, ExitCode, RunBlocked
from clients.cli.output import refuse_blocked
from clients.cli.runs import MonthRuns
from tests.fakes.scripted_server import Script, refusal


def test_polls_until_the_operation_is_done_and_gives_its_run(script: Script, address: str) -> None:
    script.progress = [0, 1, 2]
    with connect(Target(address)) as connection:
        run = MonthRuns(connection, "2025-01").bill()
    assert run.name == "billingRuns/2025-01-1"
    polls = [
        each for each in script.requests if isinstance(each, operations_pb2.GetOperationRequest)
    ]
    assert len(polls) == 3


def test_an_operation_that_failed_is_a_refusal(address: str) -> None:
    failed = refusal(grpc.StatusCode.FAILED_PRECONDITION, "MONTH_CLOSED", "too late")
    operation = operations_pb2.Operation(name="operations/x", done=True, error=failed)
    with connect(Target(address)) as connection, pytest.raises(CallRefused) as refused:
        operations.wait_for(connection, operation, billing_service_pb2.BillingRun(), label="x")
    assert (refused.value.code, refused.value.reason) == (ExitCode.STATE, "MONTH_CLOSED")


def test_a_blocking_finding_is_said_with_its_way_out() -> None:
    finding = common_pb2.Finding(
        severity=common_pb2.SEVERITY_RUN_BLOCKING, message="no price", way_out="import prices"
    )
    with pytest.raises(RunBlocked) as blocked:
        refuse_blocked("billingRuns/2025-01-1", [finding])
    assert blocked.value.way_out == "import prices"


def test_a_warning_blocks_nothing() -> None:
    refuse_blocked("billingRuns/x", [common_pb2.Finding(severity=common_pb2.SEVERITY_WARNING)])
