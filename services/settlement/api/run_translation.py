"""Settlement runs and settlements, us → wire."""

from google.longrunning import operations_pb2
from tanheng.common.v1 import common_pb2
from tanheng.settlement.v1 import settlement_service_pb2 as pb

from services.kernel.authority import RunState
from services.kernel.identifiers import ContractName, CustomerName, RunName, id_of
from services.settlement.api.amounts import to_wire_average, to_wire_fen
from services.settlement.application.get_settlement_run import RunWithProgress
from services.settlement.application.settlement_ports import SettlementFilter, SettlementView
from services.settlement.domain.run import RunKind, RunTotals, SettlementRun
from services.settlement.domain.settlement import Settlement, SettlementRow
from services.wire.authority import to_wire_approval, to_wire_run_state
from services.wire.dates import from_wire_month, to_wire_time
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.finding import to_wire_finding
from services.wire.run_failure import to_wire_run_failure

COLLECTION = "settlement-runs"


def from_wire_kind(value: int) -> RunKind:
    """Read what a run is for."""
    return from_wire_enum(RunKind, value, pb.SettlementRunKind, "kind")


def from_wire_settlement_filter(request: pb.ListSettlementsRequest) -> SettlementFilter:
    """Read which settlements are asked for."""
    return SettlementFilter(
        run=RunName(request.settlement_run) if request.settlement_run else None,
        month=from_wire_month(request.month) if request.month else None,
        contract=ContractName(request.contract) if request.contract else None,
        customer=CustomerName(request.customer) if request.customer else None,
    )


def to_wire_run(run: SettlementRun) -> pb.SettlementRun:
    """Write a run."""
    return pb.SettlementRun(
        name=run.name,
        month=str(run.month),
        kind=to_wire_enum(run.kind, pb.SettlementRunKind),
        number=run.number,
        state=to_wire_run_state(run.state),
        maker=run.maker,
        create_time=to_wire_time(run.created_at),
        settlement_count=run.totals.settlements,
        totals=_to_wire_totals(run.totals),
        digest=run.digest,
        findings=[to_wire_finding(finding) for finding in run.findings],
        approvals=[to_wire_approval(approval) for approval in run.sign_off.approvals],
        awaiting_role=run.awaiting_role,
        post_time=None if run.posted_at is None else to_wire_time(run.posted_at),
        failure=run.failure,
    )


def to_wire_operation(progress: RunWithProgress) -> operations_pb2.Operation:
    """Write a run as an operation: done as soon as it does not calculate any more."""
    run = progress.run
    operation = operations_pb2.Operation(name=f"operations/{COLLECTION}.{id_of(run.name)}")
    operation.metadata.Pack(
        common_pb2.RunProgress(
            resource=run.name,
            stage=run.state.value.lower(),
            done_count=progress.done,
            total_count=progress.total,
        )
    )
    if run.state is RunState.FAILED:
        operation.done = True
        failed = to_wire_run_failure(run=run.name, room="settlement", failure=run.failure)
        operation.error.CopyFrom(failed)
    elif run.state is not RunState.CALCULATING:
        operation.done = True
        operation.response.Pack(to_wire_run(run))
    return operation


def to_wire_settlement(view: SettlementView) -> pb.Settlement:
    """Write a settlement without its explanation."""
    settlement, figure = view.settlement, view.settlement.figure
    return pb.Settlement(
        name=settlement.name,
        settlement_run=settlement.run,
        contract=settlement.contract,
        customer=settlement.customer,
        month=str(settlement.month),
        state=to_wire_run_state(view.state),
        kind=to_wire_enum(view.kind, pb.SettlementRunKind),
        cumulative_tonnes=figure.tonnes,
        cumulative_amount=to_wire_fen(figure.amount),
        promised_amount=to_wire_fen(figure.promised),
        average_price=to_wire_average(figure.amount, figure.tonnes),
        accrued_share=to_wire_fen(figure.accrued),
        rows=[_to_wire_row(settlement, row) for row in settlement.rows],
    )


def _to_wire_totals(totals: RunTotals) -> pb.RunTotals:
    return pb.RunTotals(
        difference=to_wire_fen(totals.gain),
        gain_share=to_wire_fen(totals.share),
        relief=to_wire_fen(totals.relief),
        net_to_house=to_wire_fen(totals.house),
        gross=to_wire_fen(totals.gross),
        largest_line=to_wire_fen(totals.largest_line),
        sum_of_lines=to_wire_fen(totals.sum_of_lines),
    )


def _to_wire_row(settlement: Settlement, row: SettlementRow) -> pb.SettlementRow:
    return pb.SettlementRow(
        corrects_month="" if row.origin == settlement.month else str(row.origin),
        tonnes=row.moved.tonnes,
        difference=to_wire_fen(row.moved.gain),
        gain_share=to_wire_fen(row.moved.share),
        relief=to_wire_fen(row.moved.relief),
        net_to_house=to_wire_fen(row.moved.house),
        net=to_wire_fen(row.net),
        tax=to_wire_fen(row.tax),
        gross=to_wire_fen(row.gross),
    )
