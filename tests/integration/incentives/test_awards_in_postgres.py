"""Awards in PostgreSQL: who sees whose."""

from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from services.incentives.api.run_translation import to_wire_operation
from services.incentives.application.fail_incentive_run import FailIncentiveRun
from services.incentives.domain.run import award_name
from services.incentives.domain.scheme import SchemeState
from services.incentives.persistence.runs import PostgresRuns
from services.incentives.persistence.schemes import PostgresSchemes
from services.incentives.persistence.tables import ASSIGNMENTS, AWARDS
from services.kernel.authority import SYSTEM, Principal, RunState
from services.kernel.errors import AlreadyExists, NotFound
from services.kernel.money import money
from services.kernel.page import PageRequest
from services.runtime.unit_of_work import acting_as, current_connection
from tests.builders.incentives import SCHEME, scheme
from tests.integration.incentives.conftest import CONTROLLER, DIRECTOR, HR, Desk, staff

PAGE = PageRequest(100)
AUDITOR = Principal("auditor-1", frozenset({"auditor"}), frozenset({"*"}))


def test_shows_each_person_their_own_award_and_hr_all(desk: Desk) -> None:
    run = desk.granted()
    seen = {}
    for principal in (staff("ann"), staff("bo"), staff("eve"), HR, DIRECTOR, AUDITOR):
        with acting_as(principal):
            page = desk.list_awards(page=PAGE, run=run.name)
        seen[principal.subject] = [a.grant.assignment.staff_id for a in page.items]
    assert seen == {
        "ann": ["s-1"],
        "bo": ["s-2"],
        "eve": [],
        "hr-1": ["s-1", "s-2"],
        "director-1": [],
        "auditor-1": [],
    }


def test_keeps_awards_that_are_not_approved_from_staff(desk: Desk) -> None:
    run = desk.calculated()
    with acting_as(staff("ann")):
        assert not desk.list_awards(page=PAGE, run=None).items
        with pytest.raises(NotFound):
            desk.get_award(name=award_name(run.name, "s-1"))


def test_does_not_find_the_award_of_somebody_else(desk: Desk) -> None:
    run = desk.granted()
    with acting_as(staff("ann")):
        assert desk.get_award(name=award_name(run.name, "s-1")).grant.amount == money("15000")
        with pytest.raises(NotFound):
            desk.get_award(name=award_name(run.name, "s-2"))


def test_hides_people_even_from_a_query_that_forgets_them(desk: Desk) -> None:
    desk.granted()
    with acting_as(staff("ann")), desk.work():
        for table in (AWARDS, ASSIGNMENTS):
            found = current_connection().execute(select(table.c.staff_id))
            assert found.scalars().all() == ["s-1"]


def test_reports_totals_to_finance_and_lines_to_hr(desk: Desk) -> None:
    run = desk.granted()
    with acting_as(CONTROLLER):
        totals = desk.export_report(run=run.name)
    with acting_as(HR):
        lines = desk.export_report(run=run.name)
    assert [line["amount_cny"] for line in totals.lines("awarded")] == [Decimal("20000.00")]
    assert (len(totals.lines("award")), len(lines.lines("award"))) == (0, 2)


def test_reads_a_run_back_as_it_was_written(desk: Desk) -> None:
    run = desk.granted()
    with acting_as(HR), desk.work():
        assert PostgresRuns().get(run.name) == run
        assert PostgresRuns().of_scheme(SCHEME) == (run,)
        assert PostgresRuns().page(PAGE, scheme=SCHEME, cycle=run.cycle).items == (run,)
        assert PostgresSchemes().get(SCHEME) == scheme()


def test_goes_on_where_a_page_ended(desk: Desk) -> None:
    desk.granted()
    with acting_as(HR):
        first = desk.list_awards(page=PageRequest(1), run=None)
        second = desk.list_awards(page=PageRequest(1, first.next_after), run=None)
    names = [page.items[0].grant.assignment.staff_id for page in (first, second)]
    assert (names, second.next_after) == (["s-1", "s-2"], None)


def test_never_changes_an_award_or_the_rules_of_a_scheme(desk: Desk) -> None:
    desk.granted()
    changes = (
        "UPDATE incentives.awards SET amount = 0",
        "DELETE FROM incentives.assignments",
        "UPDATE incentives.schemes SET annual_target = 0",
    )
    for change in changes:
        with (
            pytest.raises((DBAPIError, ProgrammingError)),
            acting_as(HR),
            desk.engine.begin() as connection,
        ):
            connection.execute(text(change))


def test_refuses_a_second_scheme_of_the_same_name(desk: Desk) -> None:
    with pytest.raises(AlreadyExists), acting_as(HR), desk.work():
        PostgresSchemes().add(scheme(state=SchemeState.DRAFT))


def test_a_run_that_fails_says_why_and_can_be_started_again(desk: Desk) -> None:
    give_up = FailIncentiveRun(unit_of_work=desk.work, runs=PostgresRuns())
    with acting_as(SYSTEM):
        started = desk.started()
        assert give_up(run=started.name, failure="a test")
        assert desk.calculate(started).failure == "a test"
        assert not give_up(run=started.name, failure="again")
    operation = to_wire_operation(desk.read(started))
    assert operation.error.message.startswith(f"{started.name} FAILED: a test")
    again = desk.granted()
    assert (again.number, again.state) == (2, RunState.APPROVED)
