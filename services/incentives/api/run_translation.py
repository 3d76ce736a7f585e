"""Runs and metrics → the wire, and a run as an operation."""

from google.longrunning import operations_pb2
from google.protobuf.any_pb2 import Any
from google.protobuf.message import Message
from tanheng.common.v1 import common_pb2
from tanheng.incentives.v1 import incentive_run_pb2

from services.incentives.domain.correction import CorrectionLine
from services.incentives.domain.metric import Metric
from services.incentives.domain.run import IncentiveRun
from services.kernel.authority import RunState
from services.kernel.identifiers import id_of
from services.wire.authority import to_wire_approval, to_wire_run_state
from services.wire.dates import to_wire_time
from services.wire.enums import to_wire_enum
from services.wire.explanation import to_wire_explanation
from services.wire.finding import to_wire_finding
from services.wire.money import to_wire_money
from services.wire.numbers import to_wire_decimal
from services.wire.run_failure import to_wire_run_failure

OPERATIONS = "incentive-runs"


def to_wire_run(run: IncentiveRun) -> incentive_run_pb2.IncentiveRun:
    """Write a run with everything but persons."""
    wire = to_wire_run_summary(run)
    outcome = run.outcome
    wire.metrics.extend(to_wire_metric(metric) for metric in outcome.metrics)
    wire.corrections.extend(_to_wire_correction(line) for line in outcome.corrections)
    wire.explanation.CopyFrom(to_wire_explanation(outcome.explanation))
    return wire


def to_wire_run_summary(run: IncentiveRun) -> incentive_run_pb2.IncentiveRun:
    """Write a run without the figures it was made of."""
    outcome, sign_off = run.outcome, run.sign_off
    return incentive_run_pb2.IncentiveRun(
        name=run.name,
        scheme=run.scheme,
        cycle=str(run.cycle),
        state=to_wire_run_state(run.state),
        maker=sign_off.maker,
        assignments_version=run.assignments_version,
        result=to_wire_money(outcome.result),
        target=to_wire_money(outcome.target),
        excess=to_wire_money(outcome.excess),
        pool=to_wire_money(outcome.pool),
        awarded=to_wire_money(outcome.awarded),
        unallocated=to_wire_money(outcome.unallocated),
        award_count=outcome.award_count,
        findings=[to_wire_finding(finding) for finding in outcome.findings],
        digest=sign_off.digest,
        approvals=[to_wire_approval(approval) for approval in run.approvals],
        awaiting_role=run.awaiting_role,
        create_time=to_wire_time(run.created_at),
        journal_entry=run.journal_entry,
        failure=run.failure,
    )


def to_wire_metric(metric: Metric) -> incentive_run_pb2.Metric:
    """Write a metric."""
    return incentive_run_pb2.Metric(
        kind=to_wire_enum(metric.kind, incentive_run_pb2.MetricKind),
        subject=metric.subject,
        value=to_wire_decimal(metric.value),
        inputs=metric.inputs,
        sources=metric.sources,
    )


def to_wire_operation(run: IncentiveRun) -> operations_pb2.Operation:
    """Write a run as an operation: done when it is calculated; the run is the response."""
    calculating = run.state is RunState.CALCULATING
    progress = common_pb2.RunProgress(
        resource=run.name,
        stage=run.state.value.lower(),
        done_count=0 if calculating else 1,
        total_count=1,
    )
    operation = operations_pb2.Operation(
        name=f"operations/{OPERATIONS}.{id_of(run.name)}",
        metadata=_packed(progress),
        done=not calculating,
    )
    if run.state is RunState.FAILED:
        failed = to_wire_run_failure(run=run.name, room="incentives", failure=run.failure)
        operation.error.CopyFrom(failed)
    elif not calculating:
        operation.response.CopyFrom(_packed(to_wire_run(run)))
    return operation


def _to_wire_correction(line: CorrectionLine) -> incentive_run_pb2.CorrectionLine:
    return incentive_run_pb2.CorrectionLine(
        incentive_run=line.run,
        frozen_result=to_wire_money(line.frozen_result),
        current_result=to_wire_money(line.current_result),
        granted_pool=to_wire_money(line.granted_pool),
        current_pool=to_wire_money(line.current_pool),
        amount=to_wire_money(line.amount),
    )


def _packed(message: Message) -> Any:
    packed = Any()
    packed.Pack(message)
    return packed
