"""Runs: order of months, names, signatures."""

from dataclasses import replace

import pytest

from services.billing.domain.amounts import Amounts
from services.billing.domain.billing_run import (
    BillingRun,
    BlockingFindings,
    CustomerResult,
    RunTotals,
    chunks_of,
    refuse_out_of_order,
    run_digest,
)
from services.kernel.authority import Principal, RunState
from services.kernel.errors import WrongState
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import CustomerName
from services.kernel.period import Month
from tests.builders.billing import HANCHUAN, NOON, a_run

JANUARY, FEBRUARY, MARCH = (Month(2025, number) for number in (1, 2, 3))
REVIEWER = Principal("reviewer", frozenset({"finance_controller"}))
CONTROLLER = Principal("controller", frozenset({"finance_controller"}))
DIRECTOR = Principal("director", frozenset({"finance_director"}))


def reviewed(*, largest_fen: int = 0, findings: tuple[Finding, ...] = ()) -> BillingRun:
    totals = RunTotals(1, 0, Amounts(0, 0, 0), largest_fen, largest_fen)
    run = replace(a_run(), totals=totals, findings=findings).calculated(digest="d")
    return run.review(principal=REVIEWER, digest="", time=NOON)


def test_the_next_run_of_a_month_counts_on_and_knows_its_issue() -> None:
    first = a_run()
    issued = replace(first, sign_off=replace(first.sign_off, state=RunState.ISSUED))
    second = a_run(earlier=(issued,))
    assert (second.name, second.number, second.series) == ("billingRuns/2025-03-2", 2, 2)


def test_a_director_signs_above_the_limit() -> None:
    run = reviewed(largest_fen=1_000_000_001)
    once = run.approve(principal=CONTROLLER, digest="d", time=NOON)
    assert (once.state, once.awaiting_role) == (RunState.REVIEWED, "finance_director")
    assert once.approve(principal=DIRECTOR, digest="d", time=NOON).state is RunState.APPROVED


def test_a_controller_is_enough_at_the_limit() -> None:
    run = reviewed(largest_fen=1_000_000_000)
    assert run.approve(principal=CONTROLLER, digest="d", time=NOON).state is RunState.APPROVED


def test_a_blocking_finding_keeps_a_run_from_approval() -> None:
    finding = Finding(Severity.RUN_BLOCKING, "NO_APPROVAL", HANCHUAN, "no approval", "approve it")
    with pytest.raises(BlockingFindings):
        reviewed(findings=(finding,)).approve(principal=CONTROLLER, digest="d", time=NOON)


def test_months_are_billed_in_order() -> None:
    with pytest.raises(WrongState, match="before 2025-02"):
        refuse_out_of_order(MARCH, first_open=JANUARY, billed={JANUARY})
    refuse_out_of_order(MARCH, first_open=MARCH, billed={JANUARY, FEBRUARY})


def test_a_month_is_not_billed_after_a_later_one() -> None:
    with pytest.raises(WrongState, match="2025-03 is billed"):
        refuse_out_of_order(FEBRUARY, first_open=FEBRUARY, billed={FEBRUARY, MARCH})


def test_a_digest_does_not_depend_on_the_order_of_customers() -> None:
    results = [CustomerResult(CustomerName(f"customers/{name}"), name, name) for name in "abc"]
    assert run_digest(MARCH, results) == run_digest(MARCH, reversed(results))
    assert run_digest(MARCH, results) != run_digest(MARCH, results[1:])


def test_chunks_hold_every_customer_once_by_name() -> None:
    names = [CustomerName(f"customers/c{number:04d}") for number in range(450)]
    chunks = chunks_of(list(reversed(names)))
    assert [len(chunk) for chunk in chunks] == [200, 200, 50]
    assert [name for chunk in chunks for name in chunk] == names
