"""A settlement run: which may start, who may sign, and when it posts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.kernel.authority import (
    AboveAuthority,
    DigestChanged,
    MakerIsChecker,
    Principal,
    RunState,
    SignOff,
)
from services.kernel.errors import WrongState
from services.kernel.finding import Finding, Severity
from services.kernel.period import Month
from services.settlement.domain.run import (
    BlockingFindings,
    RunKind,
    RunTotals,
    SettlementRun,
    run_name,
    runs_to_supersede,
)

MARCH = Month(2025, 3)
NOW = datetime(2025, 4, 1, 9, tzinfo=UTC)
DIGEST = "a" * 64


def _person(subject: str, role: str = "finance_controller") -> Principal:
    return Principal(subject, frozenset({role}))


def _run(
    state: RunState = RunState.CALCULATING, kind: RunKind = RunKind.FINAL, number: int = 1
) -> SettlementRun:
    signed = SignOff(run_name(MARCH, kind, number), state, maker="operator", digest="")
    return SettlementRun(
        month=MARCH, kind=kind, number=number, maker="operator", created_at=NOW, sign_off=signed
    )


def _calculated(kind: RunKind = RunKind.FINAL, *, line: int = 100) -> SettlementRun:
    totals = RunTotals(settlements=1, largest_line=line, sum_of_lines=line)
    return _run(kind=kind).calculated(digest=DIGEST, totals=totals)


def _reviewed(kind: RunKind = RunKind.FINAL, *, line: int = 100) -> SettlementRun:
    run = _calculated(kind, line=line)
    return run.review(principal=_person("reviewer"), digest=DIGEST, time=NOW)


def test_is_signed_by_three_different_people_and_posted() -> None:
    approved = _reviewed().approve(principal=_person("approver"), digest=DIGEST, time=NOW)
    posted = approved.post(digest=DIGEST, time=NOW)
    assert (posted.state, posted.posted_at) == (RunState.POSTED, NOW)
    assert [a.principal for a in posted.sign_off.approvals] == ["reviewer", "approver"]


@pytest.mark.parametrize("subject", ["operator", "reviewer"])
def test_is_not_approved_by_who_made_or_reviewed_it(subject: str) -> None:
    with pytest.raises(MakerIsChecker):
        _reviewed().approve(principal=_person(subject), digest=DIGEST, time=NOW)


def test_needs_a_director_above_ten_million() -> None:
    large = _reviewed(line=1_000_000_001)
    once = large.approve(principal=_person("approver"), digest=DIGEST, time=NOW)
    assert (once.state, once.awaiting_role) == (RunState.REVIEWED, "finance_director")
    with pytest.raises(AboveAuthority):
        once.approve(principal=_person("other"), digest=DIGEST, time=NOW)
    director = _person("director", "finance_director")
    assert once.approve(principal=director, digest=DIGEST, time=NOW).state is RunState.APPROVED


def test_needs_no_director_at_ten_million() -> None:
    assert not _reviewed(line=1_000_000_000).needs_director


def test_never_approves_a_provisional_run() -> None:
    run = _reviewed(RunKind.PROVISIONAL)
    assert run.awaiting_role == ""
    with pytest.raises(WrongState):
        run.approve(principal=_person("approver"), digest=DIGEST, time=NOW)


def test_refuses_approval_while_a_finding_blocks_it() -> None:
    blocking = Finding(Severity.RUN_BLOCKING, "ALLOCATION_STALE", "months/2025-03", "changed")
    held = replace(blocking, severity=Severity.SUBJECT_HELD)
    run = replace(_reviewed(), findings=(held, blocking))
    with pytest.raises(BlockingFindings, match="1 blocking"):
        run.approve(principal=_person("approver"), digest=DIGEST, time=NOW)


def test_refuses_to_post_what_has_changed() -> None:
    approved = _reviewed().approve(principal=_person("approver"), digest=DIGEST, time=NOW)
    with pytest.raises(DigestChanged):
        approved.post(digest="b" * 64, time=NOW)


def test_gives_way_to_a_new_run_until_it_is_approved() -> None:
    for state in (RunState.CALCULATING, RunState.CALCULATED, RunState.REVIEWED):
        assert runs_to_supersede([_run(state)], RunKind.FINAL) == [_run(state)]
    assert runs_to_supersede([_run(RunState.SUPERSEDED)], RunKind.FINAL) == []


@pytest.mark.parametrize(
    ("state", "way_out"),
    [(RunState.APPROVED, "post it"), (RunState.POSTED, "start a REVISION")],
)
def test_there_is_one_final_run_a_month(state: RunState, way_out: str) -> None:
    with pytest.raises(WrongState, match=f"one FINAL a month; {way_out}"):
        runs_to_supersede([_run(state)], RunKind.FINAL)


def test_a_revision_comes_after_final_is_posted() -> None:
    with pytest.raises(WrongState, match="after FINAL is posted"):
        runs_to_supersede([_run(RunState.APPROVED)], RunKind.REVISION)
    assert runs_to_supersede([_run(RunState.POSTED)], RunKind.REVISION) == []


def test_a_revision_waits_until_the_one_before_is_posted() -> None:
    runs = [_run(RunState.POSTED), _run(RunState.APPROVED, RunKind.REVISION)]
    with pytest.raises(WrongState, match="post it before"):
        runs_to_supersede(runs, RunKind.REVISION)
    assert runs_to_supersede(runs, RunKind.PROVISIONAL) == []
