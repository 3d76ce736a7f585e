"""What the database refuses to incentives, whatever the code forgets."""

import pytest

from tests.integration.incentives.conftest import Desk
from tests.support.tampering import assert_refused, copy_of, do_as_owner

_RUNS, _SET = "incentives.incentive_runs", "UPDATE incentives.incentive_runs SET"
_SAID = "never goes|never changes|does not begin|append-only"


@pytest.mark.parametrize(
    "statement",
    [
        *(f"{_SET} state = '{state}'" for state in ("CALCULATING", "CALCULATED", "SUPERSEDED")),
        f"{_SET} state = 'REVIEWED'",
        f"{_SET} pool = pool + 1",
        f"{_SET} metrics = '[]', findings = '[]', explanation = '{{}}'",
        f"{_SET} maker = 'nobody'",
        "DELETE FROM incentives.incentive_runs",
        f"TRUNCATE {_RUNS} CASCADE",
        copy_of(_RUNS, {"name": "incentiveRuns/x", "number": 7}),
    ],
)
def test_lets_a_granted_run_go_forwards_only(
    desk: Desk, fresh_database: str, statement: str
) -> None:
    desk.granted()
    assert_refused(fresh_database, statement, match=_SAID)


@pytest.mark.parametrize("state", ["APPROVED", "POSTED", "CALCULATING"])
def test_skips_no_signature(desk: Desk, fresh_database: str, state: str) -> None:
    desk.calculated()
    assert_refused(fresh_database, f"{_SET} state = '{state}'", match=_SAID)


def test_awards_nothing_beside_a_run_that_is_granted(desk: Desk, fresh_database: str) -> None:
    desk.granted()
    another = copy_of("incentives.awards", {"name": "awards/x", "staff_id": "s-9"})
    assert_refused(fresh_database, another, match="takes no more rows")


_BY = "jsonb_build_object('principal', {}, 'digest', digest)"
_ANN, _BO, _MAKER = _BY.format("'ann'"), _BY.format("'bo'"), _BY.format("maker")
_REVIEW = f"{_SET} state = 'REVIEWED', approvals = jsonb_build_array({_ANN})"
_APPROVE = f"{_SET} state = 'APPROVED', approvals = jsonb_build_array({_ANN}, {_BO})"


@pytest.mark.parametrize(
    "statements",
    [
        (f"{_SET} state = 'REVIEWED'",),
        (f"{_SET} state = 'REVIEWED', approvals = jsonb_build_array({_MAKER})",),
        (_REVIEW, f"{_SET} state = 'APPROVED'"),
        (_REVIEW, f"{_SET} state = 'APPROVED', approvals = jsonb_build_array({_BO}, {_ANN})"),
    ],
)
def test_grants_nothing_that_is_not_signed(
    desk: Desk, fresh_database: str, statements: tuple[str, ...]
) -> None:
    desk.calculated()
    assert_refused(fresh_database, *statements, match="is not signed so")


def test_grants_no_more_than_was_summed_up(desk: Desk, fresh_database: str) -> None:
    desk.calculated()
    do_as_owner(
        fresh_database, "ALTER TABLE incentives.awards DROP CONSTRAINT awards_person_key CASCADE"
    )
    again = copy_of("incentives.awards", {"name": "awards/x"})
    assert_refused(fresh_database, again, _REVIEW, _APPROVE, match="that it sums up")


def test_grants_nothing_to_one_who_takes_no_part(desk: Desk, fresh_database: str) -> None:
    desk.calculated()
    another = copy_of("incentives.awards", {"name": "awards/x", "staff_id": "s-9", "amount": 0})
    assert_refused(fresh_database, another, _REVIEW, _APPROVE, match="nobody who takes part")


_SCHEMES, _SCHEME = "incentives.schemes", "UPDATE incentives.schemes SET"


@pytest.mark.parametrize(
    "statement",
    [
        f"{_SCHEME} state = 'DRAFT', approver = ''",
        f"{_SCHEME} approver = 'somebody'",
        f"{_SCHEME} annual_target = 0",
        "DELETE FROM incentives.schemes",
        copy_of(_SCHEMES, {"name": "schemes/x"}),
        copy_of("incentives.assignments", {"staff_id": "s-9"}),
    ],
)
def test_keeps_an_approved_scheme_and_its_people(
    desk: Desk, fresh_database: str, statement: str
) -> None:
    said = f"{_SAID}|people of"
    assert_refused(fresh_database, statement, match=said)
