"""A run from its start to the books."""

import pytest

from services.incentives.domain.run import BlockingFindings
from services.incentives.domain.scheme import InvalidScheme
from services.kernel.authority import (
    AboveAuthority,
    DigestChanged,
    MakerIsChecker,
    RunState,
)
from services.kernel.errors import InvalidInput, NotFound, WrongState
from services.kernel.money import money
from tests.builders.incentives import FEBRUARY, MARCH, SCHEME, scheme
from tests.unit.incentives.application.conftest import Office


def test_grants_a_tenth_of_the_excess_by_weight(office: Office) -> None:
    run = office.calculate(office.start())
    assert run.outcome.result == money("300000")
    assert run.outcome.excess == money("200000")
    awards = {a.grant.assignment.staff_id: a.grant.amount for a in office.awards.kept.values()}
    assert awards == {"s-1": money("15000"), "s-2": money("5000")}


def test_names_the_open_month_that_stands_in_the_way(office: Office) -> None:
    office.figures.closed.remove(FEBRUARY)
    with pytest.raises(WrongState, match="2025-02") as refusal:
        office.start()
    assert refusal.value.subject == "months/2025-02"


def test_refuses_a_cycle_outside_the_scheme(office: Office) -> None:
    with pytest.raises(InvalidScheme):
        office.start("2026-Q1")


def test_refuses_a_surrender_rate_above_one(office: Office) -> None:
    with pytest.raises(InvalidInput):
        office.start(surrendered="1.01")


def test_supersedes_what_is_not_approved_and_numbers_on(office: Office) -> None:
    first = office.calculate(office.start())
    second = office.start()
    assert office.runs.get(first.name).state is RunState.SUPERSEDED
    assert (first.number, second.number) == (1, 2)


def test_rewards_no_month_twice(office: Office) -> None:
    granted = office.grant()
    with pytest.raises(WrongState, match=granted.name):
        office.start("2025-03")


def test_changes_nothing_when_it_is_calculated_again(office: Office) -> None:
    run = office.calculate(office.start())
    office.figures.fees[MARCH] = money("900000")
    assert office.calculate(run) == run


def test_needs_three_people(office: Office) -> None:
    run = office.calculate(office.start())
    with pytest.raises(MakerIsChecker):
        office.review(run, by="hr-1")
    reviewed = office.review(run, by="both")
    with pytest.raises(MakerIsChecker):
        office.approve(reviewed, by="both")
    with pytest.raises(AboveAuthority):
        office.approve(reviewed, by="controller-2", role="finance_controller")
    assert office.approve(reviewed).state is RunState.APPROVED


def test_signs_only_what_was_read(office: Office) -> None:
    run = office.calculate(office.start())
    other = run.calculated(run.outcome, digest="0" * 64)
    with pytest.raises(DigestChanged):
        office.review(other)


def test_posts_the_sum_of_awards_once(office: Office) -> None:
    run = office.grant()
    posted = office.post(run)
    assert (posted.state, posted.journal_entry) == (RunState.POSTED, "journalEntries/e1")
    with pytest.raises(WrongState):
        office.post(run)
    assert office.books.posted == [(run.name, money("20000"))]


def test_blocks_while_the_surrender_of_the_cycle_is_unknown(office: Office) -> None:
    office.schemes.kept[SCHEME] = scheme(surrender_deadline="03-31")
    run = office.calculate(office.start())
    assert [finding.reason for finding in run.outcome.findings] == ["SURRENDER_MISSING"]
    assert not office.awards.kept
    with pytest.raises(BlockingFindings):
        office.approve(office.review(run))


@pytest.mark.parametrize(("surrendered", "pool"), [("1", "20000"), ("0.99", "0")])
def test_pays_only_when_everything_was_surrendered(
    office: Office, surrendered: str, pool: str
) -> None:
    office.schemes.kept[SCHEME] = scheme(surrender_deadline="03-31")
    run = office.calculate(office.start(surrendered=surrendered))
    assert run.outcome.pool == money(pool)


def test_hides_awards_of_others_than_hr_until_they_are_approved(office: Office) -> None:
    office.calculate(office.start())
    name = next(iter(office.awards.kept))
    assert office.get_award(name=name).name == name
    office.caller.become("staff-1", "staff")
    with pytest.raises(NotFound):
        office.get_award(name=name)
