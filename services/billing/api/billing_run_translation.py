"""Billing runs on the wire, also as operations."""

from google.longrunning import operations_pb2
from google.protobuf.any_pb2 import Any
from tanheng.billing.v1 import billing_service_pb2 as wire
from tanheng.common.v1 import common_pb2

from services.billing.api.amount_translation import to_wire_fen, to_wire_totals
from services.billing.domain.billing_run import BillingRun
from services.kernel.authority import RunState
from services.kernel.identifiers import id_of
from services.wire.authority import to_wire_approval, to_wire_run_state
from services.wire.dates import to_wire_time
from services.wire.finding import to_wire_finding
from services.wire.run_failure import to_wire_run_failure


def to_wire_billing_run(run: BillingRun) -> wire.BillingRun:
    """Write a run."""
    totals = run.totals
    return wire.BillingRun(
        name=run.name,
        month=str(run.month),
        number=run.number,
        state=to_wire_run_state(run.state),
        invoice_count=totals.invoice_count,
        credit_note_count=totals.credit_note_count,
        totals=to_wire_totals(totals.amounts),
        digest=run.sign_off.digest,
        findings=[to_wire_finding(finding) for finding in run.findings],
        maker=run.sign_off.maker,
        approvals=[to_wire_approval(each) for each in run.sign_off.approvals],
        awaiting_role=run.awaiting_role,
        largest_line=to_wire_fen(totals.largest_line_fen),
        sum_of_lines=to_wire_fen(totals.sum_of_lines_fen),
        create_time=to_wire_time(run.created_at),
        failure=run.failure,
    )


def to_wire_operation(run: BillingRun) -> operations_pb2.Operation:
    """Write a run as an operation, done when its figures are there."""
    operation = operations_pb2.Operation(
        name=f"operations/billing-runs.{id_of(run.name)}",
        metadata=_packed(
            common_pb2.RunProgress(
                resource=run.name,
                stage=run.state.value.lower(),
                done_count=run.done_count,
                total_count=run.chunk_count,
            )
        ),
        done=run.state is not RunState.CALCULATING,
    )
    if run.state is RunState.FAILED:
        failed = to_wire_run_failure(run=run.name, room="billing", failure=run.failure)
        operation.error.CopyFrom(failed)
    elif operation.done:
        operation.response.CopyFrom(_packed(to_wire_billing_run(run)))
    return operation


def _packed(message: wire.BillingRun | common_pb2.RunProgress) -> Any:
    packed = Any()
    packed.Pack(message)
    return packed
