"""A billing run that cannot be computed: it ends, says why, and can be started again."""

import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from google.longrunning import operations_pb2
from google.rpc import code_pb2, error_details_pb2
from tanheng.billing.v1 import invoice_pb2
from tanheng.common.v1 import common_pb2

from services.bootstrap import billing
from services.kernel.identifiers import RunName
from tests.integration.billing.conftest import BillingDesk
from tests.support.worker import working

SPENT = "UPDATE jobs.procrastinate_jobs SET attempts = 5"


def _as_owner(url: str, *statements: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def _await(condition: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def _operation(desk: BillingDesk, run: str) -> operations_pb2.Operation:
    return desk.billing.operation(run.rpartition("/")[2])


@pytest.fixture
def failed(desk: BillingDesk, fresh_database: str) -> str:
    """A run whose only chunk the database refused at its last attempt."""
    billing.assemble(desk.platform).register_jobs(desk.platform.queue)
    run = desk.start("2025-01")
    _as_owner(
        fresh_database,
        "REVOKE INSERT ON billing.run_results FROM tanheng_app",
        SPENT,
    )
    with working(desk.platform.queue):
        assert _await(lambda: _operation(desk, run).done)
    _as_owner(fresh_database, "GRANT INSERT ON billing.run_results TO tanheng_app")
    return run


def test_ends_as_failed_with_the_reason(desk: BillingDesk, failed: str) -> None:
    run = desk.run(failed)
    assert run.state == common_pb2.RUN_STATE_FAILED
    assert run.failure.startswith("chunk 0: ")
    assert "(6 attempts, job " in run.failure


def test_its_operation_is_done_with_an_error(desk: BillingDesk, failed: str) -> None:
    operation = _operation(desk, failed)
    assert operation.HasField("error")
    assert operation.error.code == code_pb2.FAILED_PRECONDITION
    assert desk.run(failed).failure in operation.error.message
    info = error_details_pb2.ErrorInfo()
    assert operation.error.details[0].Unpack(info)
    assert (info.reason, info.domain) == ("RUN_FAILED", "billing.tanheng")
    assert info.metadata["subject"] == failed


def test_can_be_started_again(desk: BillingDesk, failed: str) -> None:
    issued = desk.bill("2025-01")
    assert (failed, issued.name) == ("billingRuns/2025-01-1", "billingRuns/2025-01-2")
    assert [invoice.state for invoice in desk.invoices()] == [invoice_pb2.Invoice.STATE_ISSUED]


def test_drops_what_other_chunks_drafted_and_takes_no_more(desk: BillingDesk) -> None:
    run = desk.start("2025-01")
    give_up = billing.fail_billing_run(desk.platform)
    assert give_up(run=RunName(run), failure="a test")
    assert not desk.bill_chunk(run=RunName(run), chunk=0)
    assert not desk.invoices()


def test_leaves_a_calculated_run_as_it_is(desk: BillingDesk) -> None:
    run = desk.calculate("2025-01")
    give_up = billing.fail_billing_run(desk.platform)
    assert not give_up(run=RunName(run.name), failure="too late")
    assert desk.run(run.name) == run
