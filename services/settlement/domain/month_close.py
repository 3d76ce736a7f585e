"""Whether a month may close: what was traded, allocated, settled and posted must agree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.kernel.authority import RunState
from services.kernel.finding import Finding, Severity
from services.kernel.period import Month
from services.ledger.domain.months import MonthBooks
from services.settlement.domain.run import BlockingFindings, RunKind, SettlementRun

MOST_NAMED = 20
"""How many contracts a blocker names; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A finding that held a subject's rows back, and that a controller let pass."""

    reason: str
    subject: str
    justification: str
    principal: str
    time: datetime

    def lets_pass(self, finding: Finding) -> bool:
        """Tell whether it is about a finding; only what holds one subject can be waived."""
        return finding.severity is Severity.SUBJECT_HELD and (
            (finding.reason, finding.subject) == (self.reason, self.subject)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseChecklist:
    """What must agree before a month closes. Tonnes count each owner's side of a trade.

    ``held``: findings that hold a subject's rows back, waived or not. ``owing``: contracts of
    which something is not posted yet. ``first_open``: the month that closes next.
    """

    traded_tonnes: int
    allocated_tonnes: int
    settled_tonnes: int
    posted_tonnes: int
    needs_final: bool
    final_posted: bool
    unposted_runs: tuple[str, ...]
    held: tuple[Finding, ...]
    owing: tuple[str, ...]
    unallocated: tuple[Finding, ...]
    unbilled: tuple[Finding, ...]
    book_differences: tuple[str, ...]
    first_open: Month
    waivers: tuple[Waiver, ...] = ()

    @property
    def tonnes_agree(self) -> bool:
        """Tell whether traded, allocated, settled and posted tonnes are equal."""
        return (
            self.traded_tonnes == self.allocated_tonnes == self.settled_tonnes == self.posted_tonnes
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthStatus:
    """A month of the books with what stands in the way of closing it.

    ``checklist`` is None where nobody looked, as in lists.
    """

    books: MonthBooks
    checklist: CloseChecklist | None = None
    blockers: tuple[Finding, ...] = ()


def blockers_of(month: Month, checklist: CloseChecklist) -> tuple[Finding, ...]:
    """Name everything that stands in the way of closing a month, once, in the order of the work."""
    found = dict.fromkeys(
        (
            *_order(month, checklist),
            *checklist.unallocated,
            *_runs(month, checklist),
            *checklist.held,
            *_tonnes(month, checklist),
            *checklist.unbilled,
            *_books(month, checklist),
        )
    )
    waivers = checklist.waivers
    return tuple(f for f in found if not any(waiver.lets_pass(f) for waiver in waivers))


def refuse_blocked(month: Month, blockers: Sequence[Finding]) -> None:
    """Refuse to close while anything stands in the way.

    Raises:
        BlockingFindings: naming every blocker.
    """
    if blockers:
        text = "; ".join(f"{b.reason} ({b.subject}): {b.message}" for b in blockers[:MOST_NAMED])
        raise BlockingFindings(
            f"{month} cannot close: {text}",
            subject=f"months/{month}",
            metadata={f"blocker_{i}": b.reason for i, b in enumerate(blockers[:MOST_NAMED], 1)},
        )


def standing_runs(runs: Sequence[SettlementRun]) -> list[SettlementRun]:
    """Pick the runs that count as settled: FINAL and REVISION with figures, not superseded."""
    figures = {RunState.CALCULATED, RunState.REVIEWED, RunState.APPROVED, RunState.POSTED}
    return [run for run in runs if run.kind is not RunKind.PROVISIONAL and run.state in figures]


def posted_runs(runs: Sequence[SettlementRun]) -> list[SettlementRun]:
    """Pick the runs that are in the books."""
    return [run for run in runs if run.state is RunState.POSTED]


def _order(month: Month, checklist: CloseChecklist) -> Iterator[Finding]:
    if checklist.first_open < month:
        yield _blocker(
            "MONTH_OUT_OF_ORDER",
            f"months/{checklist.first_open}",
            f"{checklist.first_open} is open",
            f"close {checklist.first_open} first",
        )


def _runs(month: Month, checklist: CloseChecklist) -> Iterator[Finding]:
    if checklist.needs_final and not checklist.final_posted:
        yield _blocker(
            "RUN_NOT_POSTED",
            f"months/{month}",
            f"no FINAL settlement run of {month} is posted",
            "start, review, approve and post a FINAL run",
        )
    for name in checklist.unposted_runs:
        yield _blocker(
            "RUN_NOT_POSTED", name, f"{name} is not posted", "sign and post it, or start again"
        )
    if checklist.final_posted and checklist.owing:
        named = ", ".join(checklist.owing[:MOST_NAMED])
        yield _blocker(
            "INPUTS_CHANGED",
            f"months/{month}",
            f"{len(checklist.owing)} changed since posting: {named}",
            "start, review, approve and post a REVISION run",
        )


def _tonnes(month: Month, checklist: CloseChecklist) -> Iterator[Finding]:
    if not checklist.tonnes_agree:
        yield _blocker(
            "TONNES_DISAGREE",
            f"months/{month}",
            f"traded {checklist.traded_tonnes:,} t, allocated {checklist.allocated_tonnes:,} t,"
            f" settled {checklist.settled_tonnes:,} t, posted {checklist.posted_tonnes:,} t",
            "allocate the month, then settle and post what changed",
        )


def _books(month: Month, checklist: CloseChecklist) -> Iterator[Finding]:
    if checklist.book_differences:
        named = ", ".join(checklist.book_differences[:MOST_NAMED])
        yield _blocker(
            "BOOKS_DISAGREE",
            f"months/{month}",
            f"the house's books and the mirror differ for {named}",
            "look at the journal of these customers, and reverse what is wrong",
        )


def _blocker(reason: str, subject: str, message: str, way_out: str) -> Finding:
    return Finding(Severity.RUN_BLOCKING, reason, subject, message, way_out)
