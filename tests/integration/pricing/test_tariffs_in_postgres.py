"""Fee schedules and revisions: two people, two times, and whose overrides may be seen."""

import itertools
import uuid
from unittest.mock import Mock

import grpc
import pytest
import sqlalchemy as sa
from google.type.date_pb2 import Date as WireDate
from google.type.decimal_pb2 import Decimal as WireDecimal
from tanheng.common.v1 import common_pb2
from tanheng.pricing.v1 import fee_schedule_service_pb2 as wire

from services.kernel.authority import MakerIsChecker, Principal
from services.kernel.errors import AlreadyExists, NotFound, WrongState
from services.kernel.identifiers import CustomerName
from services.kernel.period import year_period
from services.kernel.service import CustomerClass, Service
from services.kernel.tiers import TiersDoNotTile
from services.pricing.application.resolve_tariffs import TariffQuestion
from services.runtime.unit_of_work import acting_as, current_connection
from tests.builders.price_requests import yuan
from tests.integration.pricing.conftest import Pricing

CALL = Mock(spec=grpc.ServicerContext)  # servicers never look at it
DIRECTOR = Principal("director", frozenset({"finance_director"}), frozenset({"*"}))
HANCHUAN = CustomerName("customers/hanchuan")
_NUMBERS = itertools.count(1)

INTERNAL = [
    common_pb2.Tier(up_to=WireDecimal(value="1000000"), unit_price=WireDecimal(value="0.35")),
    common_pb2.Tier(up_to=WireDecimal(value="5000000"), unit_price=WireDecimal(value="0.3")),
    common_pb2.Tier(unit_price=WireDecimal(value="0.25"), flat_amount=yuan("30000.00")),
]


def new_schedule(
    pricing: Pricing,
    service: common_pb2.Service.ValueType = common_pb2.SERVICE_DAILY_MANAGEMENT,
) -> str:
    request = wire.CreateFeeScheduleRequest(
        fee_schedule=wire.FeeSchedule(
            service=service,
            customer_class=common_pb2.CUSTOMER_CLASS_INTERNAL,
            display_name="日常管理(集团内)",
        ),
        fee_schedule_id=f"schedule-{next(_NUMBERS)}",
        request_id=str(uuid.uuid4()),
    )
    return pricing.tariffs.CreateFeeSchedule(request, CALL).name


def terms(month: int = 1, customer: str = "") -> wire.FeeScheduleRevision:
    return wire.FeeScheduleRevision(
        effective_date=WireDate(year=2025, month=month, day=1),
        charge_model=common_pb2.CHARGE_MODEL_GRADUATED,
        tiers=INTERNAL,
        minimum_annual=yuan("100000.00"),
        per_traded_tonne=WireDecimal(value="0.5"),
        tax_rate=WireDecimal(value="0.06"),
        tax_inclusive=True,
        customer=customer,
        source="财税〔2016〕36号",
    )


def draft(
    pricing: Pricing, schedule: str, revision_id: str, revision: wire.FeeScheduleRevision
) -> wire.FeeScheduleRevision:
    request = wire.CreateFeeScheduleRevisionRequest(
        parent=schedule,
        fee_schedule_revision=revision,
        fee_schedule_revision_id=revision_id,
        request_id=str(uuid.uuid4()),
    )
    return pricing.tariffs.CreateFeeScheduleRevision(request, CALL)


def approve(pricing: Pricing, name: str) -> wire.FeeScheduleRevision:
    request = wire.ApproveFeeScheduleRevisionRequest(name=name, request_id=str(uuid.uuid4()))
    with acting_as(DIRECTOR):
        return pricing.tariffs.ApproveFeeScheduleRevision(request, CALL)


def test_keeps_a_draft_to_the_letter(pricing: Pricing) -> None:
    schedule = new_schedule(pricing)
    created = draft(pricing, schedule, "r2025", terms())
    request = wire.ListFeeScheduleRevisionsRequest(parent=schedule)
    (listed,) = pricing.tariffs.ListFeeScheduleRevisions(request, CALL).fee_schedule_revisions
    assert listed == created
    assert (listed.state, listed.maker) == (wire.REVISION_STATE_DRAFT, "system")
    assert list(listed.tiers) == INTERNAL


def test_is_put_in_force_by_another_person_and_once(pricing: Pricing) -> None:
    name = draft(pricing, new_schedule(pricing), "r2025", terms()).name
    own = wire.ApproveFeeScheduleRevisionRequest(name=name)
    with pytest.raises(MakerIsChecker):
        pricing.tariffs.ApproveFeeScheduleRevision(own, CALL)
    approved = approve(pricing, name)
    assert (approved.state, approved.approver) == (wire.REVISION_STATE_APPROVED, "director")
    with pytest.raises(WrongState):
        approve(pricing, name)


def test_refuses_doubles_gaps_and_unknown_schedules(pricing: Pricing) -> None:
    schedule = new_schedule(pricing)
    draft(pricing, schedule, "r2025", terms())
    with pytest.raises(AlreadyExists):
        draft(pricing, schedule, "r2025", terms())
    gap = terms()
    del gap.tiers[-1]
    with pytest.raises(TiersDoNotTile):
        draft(pricing, schedule, "r2026", gap)
    with pytest.raises(NotFound):
        draft(pricing, "feeSchedules/none", "r2025", terms())


def test_answers_for_many_customers_by_date_override_and_moment(pricing: Pricing) -> None:
    service = common_pb2.SERVICE_DAILY_MANAGEMENT
    schedule = new_schedule(pricing, service)
    first = approve(pricing, draft(pricing, schedule, "r2025", terms()).name)
    later = approve(pricing, draft(pricing, schedule, "r2025-07", terms(7)).name)
    own = approve(pricing, draft(pricing, schedule, "hanchuan", terms(3, HANCHUAN)).name)
    questions = [
        TariffQuestion(
            customer, CustomerClass.INTERNAL, Service.DAILY_MANAGEMENT, year_period(2025)
        )
        for customer in (HANCHUAN, CustomerName("customers/other"))
    ]
    answers = pricing.resolve_tariffs(questions=questions)
    names = [[s.revision and s.revision.name for s in answers[q]] for q in questions]
    assert names == [[first.name, own.name], [first.name, later.name]]


def test_shows_an_override_only_to_its_own_customer(pricing: Pricing) -> None:
    schedule = new_schedule(pricing, common_pb2.SERVICE_VALUE_ADDED)
    zero = wire.FeeScheduleRevision(effective_date=WireDate(year=2025, month=1, day=1))
    override = wire.FeeScheduleRevision(effective_date=zero.effective_date, customer=HANCHUAN)
    draft(pricing, schedule, "all", zero)
    draft(pricing, schedule, "hanchuan", override)
    request = wire.ListFeeScheduleRevisionsRequest(parent=schedule)
    seen = {}
    for customer in (HANCHUAN, "customers/other"):
        with acting_as(Principal("x", frozenset({"customer"}), frozenset({customer}))):
            page = pricing.tariffs.ListFeeScheduleRevisions(request, CALL)
        seen[customer] = [r.name.rsplit("/", 1)[-1] for r in page.fee_schedule_revisions]
    assert seen == {HANCHUAN: ["all", "hanchuan"], "customers/other": ["all"]}


def test_never_changes_a_revision_or_lets_its_maker_approve_it(pricing: Pricing) -> None:
    name = draft(pricing, new_schedule(pricing), "r2025", terms()).name
    for change in (
        "UPDATE pricing.fee_schedule_revisions SET tax_rate = 0 WHERE name = :name",
        "DELETE FROM pricing.fee_schedule_revisions WHERE name = :name",
        "INSERT INTO pricing.revision_approvals VALUES (:name, 'system', now())",
    ):
        with pytest.raises(sa.exc.DBAPIError), pricing.unit_of_work():
            current_connection().execute(sa.text(change), {"name": name})


def test_its_maker_approves_no_revision_even_where_it_is_hidden(pricing: Pricing) -> None:
    schedule = new_schedule(pricing, common_pb2.SERVICE_VALUE_ADDED)
    day = WireDate(year=2025, month=1, day=1)
    override = wire.FeeScheduleRevision(effective_date=day, customer=HANCHUAN)
    name = draft(pricing, schedule, "hidden", override).name
    approve = sa.text("INSERT INTO pricing.revision_approvals VALUES (:name, 'system', now())")
    nobody = Principal("system", frozenset({"customer"}))
    with (
        acting_as(nobody),
        pytest.raises(sa.exc.DBAPIError, match="may not approve"),
        pricing.unit_of_work(),
    ):
        current_connection().execute(approve, {"name": name})


def test_lists_schedules_by_service_and_class(pricing: Pricing) -> None:
    name = new_schedule(pricing, common_pb2.SERVICE_CCER_CUSTODY)
    request = wire.ListFeeSchedulesRequest(
        service=common_pb2.SERVICE_CCER_CUSTODY,
        customer_class=common_pb2.CUSTOMER_CLASS_INTERNAL,
    )
    (listed,) = pricing.tariffs.ListFeeSchedules(request, CALL).fee_schedules
    assert listed == pricing.tariffs.GetFeeSchedule(wire.GetFeeScheduleRequest(name=name), CALL)
    assert list(listed.scale_instruments) == [
        common_pb2.INSTRUMENT_KIND_CEA,
        common_pb2.INSTRUMENT_KIND_CCER,
    ]
