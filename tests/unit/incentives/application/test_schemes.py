"""Schemes and who takes part."""

import pytest

from services.incentives.domain.assignment import InvalidAssignments
from services.incentives.domain.scheme import SchemeState
from services.kernel.authority import MakerIsChecker
from services.kernel.errors import AlreadyExists, EtagChanged, WrongState
from tests.builders.incentives import SCHEME, person, scheme
from tests.unit.incentives.application.conftest import Office


def test_drafts_in_the_name_of_the_caller(office: Office) -> None:
    office.schemes.kept.clear()
    drafted = office.create_scheme(scheme=scheme())
    assert (drafted.state, drafted.maker, drafted.approver) == (SchemeState.DRAFT, "hr-1", "")
    with pytest.raises(AlreadyExists):
        office.create_scheme(scheme=scheme())


def test_is_approved_by_somebody_else_and_once(office: Office) -> None:
    office.schemes.kept[SCHEME] = scheme(state=SchemeState.DRAFT)
    with pytest.raises(MakerIsChecker):
        office.approve_scheme(name=SCHEME, etag="")
    office.caller.become("director-1", "finance_director")
    assert office.approve_scheme(name=SCHEME, etag="desk-draft").approver == "director-1"
    with pytest.raises(EtagChanged):
        office.approve_scheme(name=SCHEME, etag="desk-draft")
    with pytest.raises(WrongState):
        office.approve_scheme(name=SCHEME, etag="")


def test_starts_no_run_by_a_draft(office: Office) -> None:
    office.schemes.kept[SCHEME] = scheme(state=SchemeState.DRAFT)
    with pytest.raises(WrongState, match="draft"):
        office.start()


def test_starts_no_run_without_people(office: Office) -> None:
    office.assignments.kept.clear()
    with pytest.raises(WrongState, match="SetAssignments"):
        office.start()


def test_refuses_a_person_who_is_in_another_plan(office: Office) -> None:
    office.assignments.elsewhere = frozenset({"s-2"})
    with pytest.raises(InvalidAssignments, match="s-2"):
        office.set_assignments(scheme=SCHEME, people=[person("s-1"), person("s-2")])
    assert office.set_assignments(scheme=SCHEME, people=[person("s-1")]) == 2
