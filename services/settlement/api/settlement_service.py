"""SettlementService on the wire."""

from dataclasses import dataclass

import grpc
from google.longrunning import operations_pb2
from tanheng.settlement.v1 import settlement_service_pb2 as pb
from tanheng.settlement.v1 import settlement_service_pb2_grpc

from services.kernel.identifiers import ContractName, RunName, SettlementName, id_of
from services.kernel.page import Page, PageRequest
from services.settlement.api.month_translation import to_wire_month
from services.settlement.api.preview_translation import (
    from_wire_fills,
    from_wire_terms,
    names_contract,
    to_wire_preview,
)
from services.settlement.api.run_translation import (
    from_wire_kind,
    from_wire_settlement_filter,
    to_wire_operation,
    to_wire_run,
    to_wire_settlement,
)
from services.settlement.application.approve_settlement_run import ApproveSettlementRun
from services.settlement.application.close_month import CloseMonth
from services.settlement.application.get_month import GetMonth
from services.settlement.application.get_settlement import GetSettlement
from services.settlement.application.get_settlement_run import GetSettlementRun
from services.settlement.application.list_months import ListMonths
from services.settlement.application.list_settlement_runs import ListSettlementRuns
from services.settlement.application.list_settlements import ListSettlements
from services.settlement.application.open_books import OpenBooks
from services.settlement.application.post_settlement_run import PostSettlementRun
from services.settlement.application.preview_settlement import PreviewSettlement
from services.settlement.application.review_settlement_run import ReviewSettlementRun
from services.settlement.application.start_settlement_run import StartSettlementRun
from services.settlement.application.waive_finding import WaiveFinding
from services.settlement.domain.explanation import explain_settlement
from services.settlement.domain.frozen_inputs import thaw
from services.settlement.domain.preview import preview_of_fills
from services.wire.dates import from_wire_month
from services.wire.explanation import to_wire_explanation
from services.wire.pages import from_wire_page, to_wire_token


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementVerbs:
    """What the service can do."""

    preview_settlement: PreviewSettlement
    start_settlement_run: StartSettlementRun
    get_settlement_run: GetSettlementRun
    list_settlement_runs: ListSettlementRuns
    review_settlement_run: ReviewSettlementRun
    approve_settlement_run: ApproveSettlementRun
    post_settlement_run: PostSettlementRun
    list_settlements: ListSettlements
    get_settlement: GetSettlement
    open_books: OpenBooks
    get_month: GetMonth
    close_month: CloseMonth
    list_months: ListMonths
    waive_finding: WaiveFinding


class SettlementServicer(settlement_service_pb2_grpc.SettlementServiceServicer):
    """Serves settlements, their runs, and months."""

    def __init__(self, verbs: SettlementVerbs) -> None:
        """Keep the verbs."""
        self._verbs = verbs

    def operation(self, key: str) -> operations_pb2.Operation:
        """Show a run as an operation; ``key`` is the last part of its name."""
        name = RunName(f"settlementRuns/{key}")
        return to_wire_operation(self._verbs.get_settlement_run(name=name))

    def operations(self, page: PageRequest) -> Page[operations_pb2.Operation]:
        """Show a page of runs as operations."""
        runs = self._verbs.list_settlement_runs(month=None, kind=None, page=page)
        return Page(tuple(self.operation(id_of(run.name)) for run in runs.items), runs.next_after)

    def PreviewSettlement(  # noqa: N802 - name of the contract
        self, request: pb.PreviewSettlementRequest, context: grpc.ServicerContext
    ) -> pb.PreviewSettlementResponse:
        """Compute what a guarantee owes by month."""
        del context
        if names_contract(request):
            preview = self._verbs.preview_settlement(
                contract=ContractName(request.contract), month=from_wire_month(request.month)
            )
        else:
            preview = preview_of_fills(from_wire_terms(request), from_wire_fills(request))
        return to_wire_preview(preview)

    def StartSettlementRun(  # noqa: N802 - name of the contract
        self, request: pb.StartSettlementRunRequest, context: grpc.ServicerContext
    ) -> operations_pb2.Operation:
        """Begin to calculate a month."""
        del context
        run = self._verbs.start_settlement_run(
            month=from_wire_month(request.month), kind=from_wire_kind(request.kind)
        )
        return self.operation(id_of(run.name))

    def GetSettlementRun(  # noqa: N802 - name of the contract
        self, request: pb.GetSettlementRunRequest, context: grpc.ServicerContext
    ) -> pb.SettlementRun:
        """Show one run."""
        del context
        return to_wire_run(self._verbs.get_settlement_run(name=RunName(request.name)).run)

    def ListSettlementRuns(  # noqa: N802 - name of the contract
        self, request: pb.ListSettlementRunsRequest, context: grpc.ServicerContext
    ) -> pb.ListSettlementRunsResponse:
        """List runs, newest first."""
        del context
        page = self._verbs.list_settlement_runs(
            month=from_wire_month(request.month) if request.month else None,
            kind=from_wire_kind(request.kind) if request.kind else None,
            page=from_wire_page(request),
        )
        return pb.ListSettlementRunsResponse(
            settlement_runs=[to_wire_run(run) for run in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def ReviewSettlementRun(  # noqa: N802 - name of the contract
        self, request: pb.ReviewSettlementRunRequest, context: grpc.ServicerContext
    ) -> pb.SettlementRun:
        """Sign as reviewer."""
        del context
        name = RunName(request.name)
        return to_wire_run(self._verbs.review_settlement_run(name=name, digest=request.digest))

    def ApproveSettlementRun(  # noqa: N802 - name of the contract
        self, request: pb.ApproveSettlementRunRequest, context: grpc.ServicerContext
    ) -> pb.SettlementRun:
        """Sign as approver."""
        del context
        name = RunName(request.name)
        return to_wire_run(self._verbs.approve_settlement_run(name=name, digest=request.digest))

    def PostSettlementRun(  # noqa: N802 - name of the contract
        self, request: pb.PostSettlementRunRequest, context: grpc.ServicerContext
    ) -> pb.SettlementRun:
        """Write an approved run into the books."""
        del context
        return to_wire_run(self._verbs.post_settlement_run(name=RunName(request.name)))

    def ListSettlements(  # noqa: N802 - name of the contract
        self, request: pb.ListSettlementsRequest, context: grpc.ServicerContext
    ) -> pb.ListSettlementsResponse:
        """List settlements by name."""
        del context
        page = self._verbs.list_settlements(
            which=from_wire_settlement_filter(request), page=from_wire_page(request)
        )
        return pb.ListSettlementsResponse(
            settlements=[to_wire_settlement(view) for view in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def GetSettlement(  # noqa: N802 - name of the contract
        self, request: pb.GetSettlementRequest, context: grpc.ServicerContext
    ) -> pb.Settlement:
        """Show one settlement with its explanation."""
        del context
        view = self._verbs.get_settlement(name=SettlementName(request.name))
        wire = to_wire_settlement(view)
        explanation = explain_settlement(thaw(view.settlement.inputs))
        wire.explanation.CopyFrom(to_wire_explanation(explanation))
        return wire

    def OpenBooks(  # noqa: N802 - name of the contract
        self, request: pb.OpenBooksRequest, context: grpc.ServicerContext
    ) -> pb.Month:
        """Open the books with their first month."""
        del context
        first = from_wire_month(request.first_month)
        return to_wire_month(self._verbs.open_books(first_month=first))

    def GetMonth(  # noqa: N802 - name of the contract
        self, request: pb.GetMonthRequest, context: grpc.ServicerContext
    ) -> pb.Month:
        """Show a month."""
        del context
        month = from_wire_month(id_of(request.name))
        return to_wire_month(self._verbs.get_month(month=month))

    def CloseMonth(  # noqa: N802 - name of the contract
        self, request: pb.CloseMonthRequest, context: grpc.ServicerContext
    ) -> pb.Month:
        """Close a month for good."""
        del context
        return to_wire_month(self._verbs.close_month(month=from_wire_month(request.month)))

    def WaiveFinding(  # noqa: N802 - name of the contract
        self, request: pb.WaiveFindingRequest, context: grpc.ServicerContext
    ) -> pb.Month:
        """Let a month close in spite of a finding."""
        del context
        status = self._verbs.waive_finding(
            month=from_wire_month(request.month),
            reason=request.reason,
            subject=request.subject,
            justification=request.justification,
        )
        return to_wire_month(status)

    def ListMonths(  # noqa: N802 - name of the contract
        self, request: pb.ListMonthsRequest, context: grpc.ServicerContext
    ) -> pb.ListMonthsResponse:
        """List the months of the books."""
        del context
        page = self._verbs.list_months(page=from_wire_page(request))
        return pb.ListMonthsResponse(
            months=[to_wire_month(status) for status in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )
