"""IncentiveService: metrics, pools, runs and awards."""

from collections.abc import Iterator
from dataclasses import dataclass

import grpc
from google.api import httpbody_pb2
from google.longrunning import operations_pb2
from tanheng.incentives.v1 import (
    incentive_run_pb2,
    incentive_service_pb2,
    incentive_service_pb2_grpc,
)

from services.incentives.api.award_translation import to_wire_award
from services.incentives.api.metric_translation import from_wire_level, to_wire_metrics
from services.incentives.api.pool_translation import from_wire_pool_question, to_wire_pool
from services.incentives.api.report_translation import to_wire_report
from services.incentives.api.run_translation import (
    to_wire_operation,
    to_wire_run,
    to_wire_run_summary,
)
from services.incentives.application.approve_incentive_run import ApproveIncentiveRun
from services.incentives.application.export_report import ExportReport
from services.incentives.application.get_award import GetAward
from services.incentives.application.get_incentive_run import GetIncentiveRun
from services.incentives.application.list_awards import ListAwards
from services.incentives.application.list_incentive_runs import ListIncentiveRuns
from services.incentives.application.list_metrics import ListMetrics
from services.incentives.application.post_incentive_run import PostIncentiveRun
from services.incentives.application.preview_pool import PreviewPool
from services.incentives.application.review_incentive_run import ReviewIncentiveRun
from services.incentives.application.start_incentive_run import StartIncentiveRun
from services.incentives.domain.cycle import Cycle
from services.kernel.identifiers import AwardName, RunName, SchemeName
from services.kernel.page import Page, PageRequest
from services.wire.numbers import from_wire_optional_decimal
from services.wire.pages import from_wire_page, to_wire_token


@dataclass(frozen=True, slots=True, kw_only=True)
class IncentiveVerbs:
    """The verbs that the service calls."""

    preview_pool: PreviewPool
    list_metrics: ListMetrics
    start_incentive_run: StartIncentiveRun
    get_incentive_run: GetIncentiveRun
    list_incentive_runs: ListIncentiveRuns
    review_incentive_run: ReviewIncentiveRun
    approve_incentive_run: ApproveIncentiveRun
    post_incentive_run: PostIncentiveRun
    list_awards: ListAwards
    get_award: GetAward
    export_report: ExportReport


class IncentiveServicer(incentive_service_pb2_grpc.IncentiveServiceServicer):
    """Translates; decides nothing."""

    def __init__(self, verbs: IncentiveVerbs) -> None:
        """Keep the verbs."""
        self._verbs = verbs

    def operation(self, key: str) -> operations_pb2.Operation:
        """Show a run, by the last part of its name, as an operation."""
        run = self._verbs.get_incentive_run(name=RunName(f"incentiveRuns/{key}"))
        return to_wire_operation(run)

    def operations(self, page: PageRequest) -> Page[operations_pb2.Operation]:
        """Show a page of runs as operations."""
        runs = self._verbs.list_incentive_runs(page=page, scheme=None, cycle=None)
        return Page(tuple(map(to_wire_operation, runs.items)), runs.next_after)

    def PreviewPool(  # noqa: N802 - name of the contract
        self, request: incentive_service_pb2.PreviewPoolRequest, context: grpc.ServicerContext
    ) -> incentive_service_pb2.PreviewPoolResponse:
        """Compute a pool and its awards."""
        del context
        size, grants = self._verbs.preview_pool(question=from_wire_pool_question(request))
        return to_wire_pool(size, grants)

    def ListMetrics(  # noqa: N802 - name of the contract
        self, request: incentive_service_pb2.ListMetricsRequest, context: grpc.ServicerContext
    ) -> incentive_service_pb2.ListMetricsResponse:
        """Measure a cycle."""
        del context
        measured = self._verbs.list_metrics(
            scheme=SchemeName(request.scheme),
            cycle=Cycle.parse(request.cycle),
            level=from_wire_level(request.level),
            page=from_wire_page(request),
        )
        return to_wire_metrics(request, measured)

    def StartIncentiveRun(  # noqa: N802 - name of the contract
        self, request: incentive_service_pb2.StartIncentiveRunRequest, context: grpc.ServicerContext
    ) -> operations_pb2.Operation:
        """Start a run."""
        del context
        run = self._verbs.start_incentive_run(
            scheme=SchemeName(request.scheme),
            cycle=Cycle.parse(request.cycle),
            on_time_surrender=from_wire_optional_decimal(request, "on_time_surrender"),
            surrender_evidence=request.surrender_evidence,
        )
        return to_wire_operation(run)

    def GetIncentiveRun(  # noqa: N802 - name of the contract
        self, request: incentive_service_pb2.GetIncentiveRunRequest, context: grpc.ServicerContext
    ) -> incentive_run_pb2.IncentiveRun:
        """Show one run."""
        del context
        return to_wire_run(self._verbs.get_incentive_run(name=RunName(request.name)))

    def ListIncentiveRuns(  # noqa: N802 - name of the contract
        self, request: incentive_service_pb2.ListIncentiveRunsRequest, context: grpc.ServicerContext
    ) -> incentive_service_pb2.ListIncentiveRunsResponse:
        """List runs by name."""
        del context
        page = self._verbs.list_incentive_runs(
            page=from_wire_page(request),
            scheme=SchemeName(request.scheme) if request.scheme else None,
            cycle=Cycle.parse(request.cycle) if request.cycle else None,
        )
        return incentive_service_pb2.ListIncentiveRunsResponse(
            incentive_runs=[to_wire_run_summary(run) for run in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def ReviewIncentiveRun(  # noqa: N802 - name of the contract
        self,
        request: incentive_service_pb2.ReviewIncentiveRunRequest,
        context: grpc.ServicerContext,
    ) -> incentive_run_pb2.IncentiveRun:
        """Sign as reviewer."""
        del context
        name = RunName(request.name)
        return to_wire_run(self._verbs.review_incentive_run(name=name, digest=request.digest))

    def ApproveIncentiveRun(  # noqa: N802 - name of the contract
        self,
        request: incentive_service_pb2.ApproveIncentiveRunRequest,
        context: grpc.ServicerContext,
    ) -> incentive_run_pb2.IncentiveRun:
        """Sign as approver."""
        del context
        name = RunName(request.name)
        return to_wire_run(self._verbs.approve_incentive_run(name=name, digest=request.digest))

    def PostIncentiveRun(  # noqa: N802 - name of the contract
        self, request: incentive_service_pb2.PostIncentiveRunRequest, context: grpc.ServicerContext
    ) -> incentive_run_pb2.IncentiveRun:
        """Book what is awarded."""
        del context
        return to_wire_run(self._verbs.post_incentive_run(name=RunName(request.name)))

    def ListAwards(  # noqa: N802 - name of the contract
        self, request: incentive_service_pb2.ListAwardsRequest, context: grpc.ServicerContext
    ) -> incentive_service_pb2.ListAwardsResponse:
        """List awards by name."""
        del context
        run = RunName(request.incentive_run) if request.incentive_run else None
        page = self._verbs.list_awards(page=from_wire_page(request), run=run)
        return incentive_service_pb2.ListAwardsResponse(
            awards=[to_wire_award(award) for award in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def GetAward(  # noqa: N802 - name of the contract
        self, request: incentive_service_pb2.GetAwardRequest, context: grpc.ServicerContext
    ) -> incentive_run_pb2.Award:
        """Show one award."""
        del context
        return to_wire_award(self._verbs.get_award(name=AwardName(request.name)))

    def ExportReport(  # noqa: N802 - name of the contract
        self, request: incentive_service_pb2.ExportReportRequest, context: grpc.ServicerContext
    ) -> Iterator[httpbody_pb2.HttpBody]:
        """Write the report of a run."""
        del context
        report = self._verbs.export_report(run=RunName(request.run))
        return to_wire_report(report, request.format)
