"""FeeScheduleService: translate in, call one verb, translate out."""

from dataclasses import dataclass

import grpc
from tanheng.pricing.v1 import fee_schedule_service_pb2 as wire_pb2
from tanheng.pricing.v1 import fee_schedule_service_pb2_grpc

from services.kernel.identifiers import CustomerName, FeeScheduleName, RevisionName
from services.pricing.api.fee_schedule_translation import (
    from_wire_customer_class,
    from_wire_schedule,
    from_wire_service,
    from_wire_tariff,
    to_wire_revision,
    to_wire_schedule,
)
from services.pricing.api.price_change_translation import from_wire_draft, to_wire_price_change
from services.pricing.application.approve_fee_schedule_revision import ApproveFeeScheduleRevision
from services.pricing.application.create_fee_schedule import CreateFeeSchedule
from services.pricing.application.create_fee_schedule_revision import CreateFeeScheduleRevision
from services.pricing.application.get_fee_schedule import GetFeeSchedule
from services.pricing.application.list_fee_schedule_revisions import ListFeeScheduleRevisions
from services.pricing.application.list_fee_schedules import ListFeeSchedules
from services.pricing.application.preview_price_change import PreviewPriceChange
from services.pricing.application.resolve_rate_card import ResolveRateCard
from services.wire.dates import from_wire_date, from_wire_optional_time
from services.wire.pages import from_wire_page, to_wire_token


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeScheduleVerbs:
    """What the service can do."""

    create_fee_schedule: CreateFeeSchedule
    get_fee_schedule: GetFeeSchedule
    list_fee_schedules: ListFeeSchedules
    create_fee_schedule_revision: CreateFeeScheduleRevision
    approve_fee_schedule_revision: ApproveFeeScheduleRevision
    list_fee_schedule_revisions: ListFeeScheduleRevisions
    resolve_rate_card: ResolveRateCard
    preview_price_change: PreviewPriceChange


class FeeScheduleServicer(fee_schedule_service_pb2_grpc.FeeScheduleServiceServicer):
    """Answers FeeScheduleService."""

    def __init__(self, verbs: FeeScheduleVerbs) -> None:
        """Keep the verbs."""
        self._verbs = verbs

    def CreateFeeSchedule(  # noqa: N802 - the contract's name
        self,
        request: wire_pb2.CreateFeeScheduleRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire_pb2.FeeSchedule:
        """Open a schedule."""
        schedule = from_wire_schedule(request.fee_schedule, schedule_id=request.fee_schedule_id)
        return to_wire_schedule(self._verbs.create_fee_schedule(schedule=schedule))

    def GetFeeSchedule(  # noqa: N802 - the contract's name
        self,
        request: wire_pb2.GetFeeScheduleRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire_pb2.FeeSchedule:
        """Read a schedule."""
        return to_wire_schedule(self._verbs.get_fee_schedule(name=FeeScheduleName(request.name)))

    def ListFeeSchedules(  # noqa: N802 - the contract's name
        self,
        request: wire_pb2.ListFeeSchedulesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire_pb2.ListFeeSchedulesResponse:
        """List the schedules."""
        of_class = request.customer_class
        page = self._verbs.list_fee_schedules(
            page=from_wire_page(request),
            service=from_wire_service(request.service) if request.service else None,
            customer_class=from_wire_customer_class(of_class) if of_class else None,
        )
        return wire_pb2.ListFeeSchedulesResponse(
            fee_schedules=[to_wire_schedule(schedule) for schedule in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def CreateFeeScheduleRevision(  # noqa: N802 - the contract's name
        self,
        request: wire_pb2.CreateFeeScheduleRevisionRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire_pb2.FeeScheduleRevision:
        """Draft a revision."""
        revision = self._verbs.create_fee_schedule_revision(
            schedule=FeeScheduleName(request.parent),
            revision_id=request.fee_schedule_revision_id,
            tariff=from_wire_tariff(request.fee_schedule_revision),
        )
        return to_wire_revision(revision)

    def ApproveFeeScheduleRevision(  # noqa: N802 - the contract's name
        self,
        request: wire_pb2.ApproveFeeScheduleRevisionRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire_pb2.FeeScheduleRevision:
        """Approve a revision."""
        approve = self._verbs.approve_fee_schedule_revision
        return to_wire_revision(approve(name=RevisionName(request.name)))

    def ListFeeScheduleRevisions(  # noqa: N802 - the contract's name
        self,
        request: wire_pb2.ListFeeScheduleRevisionsRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire_pb2.ListFeeScheduleRevisionsResponse:
        """List the revisions of a schedule."""
        page = self._verbs.list_fee_schedule_revisions(
            schedule=FeeScheduleName(request.parent), page=from_wire_page(request)
        )
        return wire_pb2.ListFeeScheduleRevisionsResponse(
            fee_schedule_revisions=[to_wire_revision(revision) for revision in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def ResolveRateCard(  # noqa: N802 - the contract's name
        self,
        request: wire_pb2.ResolveRateCardRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire_pb2.FeeScheduleRevision:
        """Find the revision in force for a customer."""
        revision = self._verbs.resolve_rate_card(
            customer=CustomerName(request.customer),
            service=from_wire_service(request.service),
            day=from_wire_date(request.date, "date"),
            known_at=from_wire_optional_time(request, "known_at"),
        )
        return to_wire_revision(revision)

    def PreviewPriceChange(  # noqa: N802 - the contract's name
        self,
        request: wire_pb2.PreviewPriceChangeRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire_pb2.PreviewPriceChangeResponse:
        """Tell who would pay how much more."""
        previewed = self._verbs.preview_price_change(
            schedule=FeeScheduleName(request.fee_schedule),
            draft=from_wire_draft(request),
            scale_year=request.scale_year or None,
            page=from_wire_page(request),
        )
        token = to_wire_token(request, previewed.page.next_after)
        return to_wire_price_change(previewed, next_page_token=token)
