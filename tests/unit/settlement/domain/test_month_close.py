"""What stands in the way of closing a month."""

from dataclasses import replace

import pytest

from services.kernel.finding import Finding, Severity
from services.kernel.period import Month
from services.settlement.domain.month_close import (
    CloseChecklist,
    blockers_of,
    refuse_blocked,
)
from services.settlement.domain.run import BlockingFindings

MARCH = Month(2025, 3)
NOT_ISSUED = Finding(Severity.RUN_BLOCKING, "INVOICES_NOT_ISSUED", "months/2025-03", "not issued")
HELD = Finding(Severity.SUBJECT_HELD, "APPROVAL_MISSING", "contracts/a", "a draft")
DONE = CloseChecklist(
    traded_tonnes=100,
    allocated_tonnes=100,
    settled_tonnes=100,
    posted_tonnes=100,
    needs_final=True,
    final_posted=True,
    unposted_runs=(),
    held=(),
    owing=(),
    unallocated=(),
    unbilled=(),
    book_differences=(),
    first_open=MARCH,
)


def test_lets_a_month_close_when_everything_agrees() -> None:
    assert blockers_of(MARCH, DONE) == ()
    refuse_blocked(MARCH, ())


@pytest.mark.parametrize(
    ("checklist", "reasons"),
    [
        (replace(DONE, first_open=Month(2025, 2)), ["MONTH_OUT_OF_ORDER"]),
        (replace(DONE, posted_tonnes=99), ["TONNES_DISAGREE"]),
        (replace(DONE, final_posted=False), ["RUN_NOT_POSTED"]),
        (replace(DONE, unposted_runs=("settlementRuns/x",)), ["RUN_NOT_POSTED"]),
        (replace(DONE, owing=("contracts/a",)), ["INPUTS_CHANGED"]),
        (replace(DONE, held=(HELD,)), ["APPROVAL_MISSING"]),
        (replace(DONE, held=(HELD,), unallocated=(HELD,)), ["APPROVAL_MISSING"]),
        (replace(DONE, unbilled=(NOT_ISSUED,)), ["INVOICES_NOT_ISSUED"]),
        (replace(DONE, book_differences=("customers/a",)), ["BOOKS_DISAGREE"]),
        (replace(DONE, needs_final=False, final_posted=False), []),
    ],
)
def test_names_what_stands_in_the_way(checklist: CloseChecklist, reasons: list[str]) -> None:
    assert [blocker.reason for blocker in blockers_of(MARCH, checklist)] == reasons


def test_refuses_to_close_naming_every_blocker() -> None:
    blockers = blockers_of(MARCH, replace(DONE, posted_tonnes=99, unbilled=(NOT_ISSUED,)))
    with pytest.raises(BlockingFindings, match=r"99 t.*not issued"):
        refuse_blocked(MARCH, blockers)
