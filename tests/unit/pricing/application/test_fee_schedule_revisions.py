from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.kernel.authority import MakerIsChecker
from services.kernel.errors import AlreadyExists, NotFound, WrongState
from services.kernel.identifiers import CustomerName, FeeScheduleName, RevisionName
from services.kernel.period import year_period
from services.kernel.service import CustomerClass, Service
from services.pricing.application.approve_fee_schedule_revision import ApproveFeeScheduleRevision
from services.pricing.application.create_fee_schedule_revision import CreateFeeScheduleRevision
from services.pricing.application.resolve_rate_card import ResolveRateCard
from services.pricing.application.resolve_tariffs import ResolveTariffs, TariffQuestion
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision, RevisionState
from services.pricing.domain.rate_card import TariffMissing
from services.pricing.domain.tariff import InvalidTariff, Tariff
from tests.builders.pricing import DAILY_INTERNAL, HANCHUAN, schedule, tariff
from tests.fakes.pricing import (
    Caller,
    KnownClasses,
    MemoryFeeSchedules,
    MemoryRevisions,
    SetClock,
    at_once,
)

DAILY = Service.DAILY_MANAGEMENT
EXTERNAL = FeeScheduleName("feeSchedules/daily-management-external")
DAY = date(2025, 6, 1)


class Tariffs:
    """The verbs about revisions, on one memory."""

    def __init__(self) -> None:
        self.clock, self.caller, schedules = SetClock(), Caller(), MemoryFeeSchedules()
        schedules.add(schedule())
        schedules.add(schedule(EXTERNAL, customer_class=CustomerClass.EXTERNAL))
        revisions = MemoryRevisions(schedules)
        self.create = CreateFeeScheduleRevision(
            unit_of_work=at_once,
            schedules=schedules,
            revisions=revisions,
            clock=self.clock,
            principal=self.caller,
        )
        self.approve = ApproveFeeScheduleRevision(
            unit_of_work=at_once, revisions=revisions, clock=self.clock, principal=self.caller
        )
        moves = {date(2020, 1, 1): CustomerClass.INTERNAL, date(2025, 7, 1): CustomerClass.EXTERNAL}
        self.resolve = ResolveRateCard(
            unit_of_work=at_once,
            revisions=revisions,
            customer_classes=KnownClasses({HANCHUAN: moves}),
            clock=self.clock,
        )
        self.resolve_all = ResolveTariffs(
            unit_of_work=at_once, revisions=revisions, clock=self.clock
        )

    def in_force(
        self, revision_id: str, terms: Tariff, *, of: FeeScheduleName = DAILY_INTERNAL
    ) -> FeeScheduleRevision:
        self.caller.subject = "analyst"
        draft = self.create(schedule=of, revision_id=revision_id, tariff=terms)
        self.caller.subject = "director"
        return self.approve(name=draft.name)


@pytest.fixture
def tariffs() -> Tariffs:
    return Tariffs()


def test_drafts_in_the_name_of_the_caller(tariffs: Tariffs) -> None:
    draft = tariffs.create(schedule=DAILY_INTERNAL, revision_id="r2025", tariff=tariff())
    assert draft.name == "feeSchedules/daily-management-internal/revisions/r2025"
    assert (draft.maker, draft.state) == ("analyst", RevisionState.DRAFT)


def test_refuses_a_second_revision_of_that_name(tariffs: Tariffs) -> None:
    tariffs.create(schedule=DAILY_INTERNAL, revision_id="r2025", tariff=tariff())
    with pytest.raises(AlreadyExists):
        tariffs.create(schedule=DAILY_INTERNAL, revision_id="r2025", tariff=tariff())


def test_refuses_a_draft_of_no_schedule_or_of_impossible_terms(tariffs: Tariffs) -> None:
    with pytest.raises(NotFound):
        tariffs.create(
            schedule=FeeScheduleName("feeSchedules/none"), revision_id="r", tariff=tariff()
        )
    impossible = replace(tariff(), tax_rate=Decimal(2))
    with pytest.raises(InvalidTariff):
        tariffs.create(schedule=DAILY_INTERNAL, revision_id="r", tariff=impossible)


def test_is_approved_by_another_person_than_its_maker(tariffs: Tariffs) -> None:
    draft = tariffs.create(schedule=DAILY_INTERNAL, revision_id="r2025", tariff=tariff())
    with pytest.raises(MakerIsChecker):
        tariffs.approve(name=draft.name)
    tariffs.caller.subject = "director"
    assert tariffs.approve(name=draft.name).state is RevisionState.APPROVED


def test_is_approved_once(tariffs: Tariffs) -> None:
    approved = tariffs.in_force("r2025", tariff())
    with pytest.raises(WrongState):
        tariffs.approve(name=approved.name)


def test_refuses_to_approve_what_does_not_exist(tariffs: Tariffs) -> None:
    with pytest.raises(NotFound):
        tariffs.approve(name=RevisionName(f"{DAILY_INTERNAL}/revisions/none"))


def test_resolves_by_the_class_of_the_day(tariffs: Tariffs) -> None:
    internal = tariffs.in_force("r2025", tariff())
    external = tariffs.in_force("r2025", tariff(price="0.40"), of=EXTERNAL)
    card = tariffs.resolve(customer=HANCHUAN, service=DAILY, day=DAY)
    later = tariffs.resolve(customer=HANCHUAN, service=DAILY, day=date(2025, 7, 1))
    assert (card, later) == (internal, external)


def test_resolves_the_customers_override(tariffs: Tariffs) -> None:
    tariffs.in_force("r2025", tariff())
    override = tariffs.in_force("hanchuan", tariff(price="0.20", customer=HANCHUAN))
    assert tariffs.resolve(customer=HANCHUAN, service=DAILY, day=DAY) == override


def test_names_a_missing_tariff_instead_of_charging_nothing(tariffs: Tariffs) -> None:
    tariffs.create(schedule=DAILY_INTERNAL, revision_id="draft", tariff=tariff())
    with pytest.raises(TariffMissing) as caught:
        tariffs.resolve(customer=HANCHUAN, service=DAILY, day=DAY)
    assert caught.value.reason == "PRICE_MISSING"


def test_does_not_tell_a_stranger_from_nobody(tariffs: Tariffs) -> None:
    with pytest.raises(NotFound):
        tariffs.resolve(customer=CustomerName("customers/nobody"), service=DAILY, day=DAY)


def test_gives_the_answer_of_an_earlier_moment_again(tariffs: Tariffs) -> None:
    first = tariffs.in_force("r2025", tariff())
    then = tariffs.clock.now()
    tariffs.clock.pass_by(timedelta(days=1))
    second = tariffs.in_force("again", tariff(price="0.31"))
    now = tariffs.resolve(customer=HANCHUAN, service=DAILY, day=DAY)
    before = tariffs.resolve(customer=HANCHUAN, service=DAILY, day=DAY, known_at=then)
    assert (before, now) == (first, second)


def test_answers_many_questions_at_once(tariffs: Tariffs) -> None:
    internal = tariffs.in_force("r2025", tariff())
    override = tariffs.in_force("hanchuan", tariff("2025-03-01", customer=HANCHUAN))
    classes = (CustomerClass.INTERNAL, CustomerClass.EXTERNAL)
    questions = [
        TariffQuestion(customer, customer_class, DAILY, year_period(2025))
        for customer in (HANCHUAN, CustomerName("customers/other"))
        for customer_class in classes
    ]
    answers = tariffs.resolve_all(questions=questions)
    revisions = [[s.revision for s in answers[question]] for question in questions]
    assert revisions == [[internal, override], [None], [internal], [None]]
