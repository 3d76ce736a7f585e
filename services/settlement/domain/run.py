"""A settlement run: one calculation of a month for all contracts, signed by three people."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.kernel.authority import (
    DEFAULT_APPROVAL_LIMIT,
    Principal,
    RunAmounts,
    RunState,
    SignOff,
)
from services.kernel.errors import Refused, WrongState
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import RunName
from services.kernel.money import from_minor
from services.kernel.period import Month
from services.settlement.domain.guarantee import NOTHING
from services.settlement.domain.settlement import Settlement

_STANDS = frozenset({RunState.APPROVED, RunState.POSTED})
_UNDER_WAY = frozenset({RunState.CALCULATING, RunState.CALCULATED, RunState.REVIEWED})


class RunKind(StrEnum):
    """PROVISIONAL: to look at. FINAL: settles the month. REVISION: what changed after FINAL."""

    PROVISIONAL = "PROVISIONAL"
    FINAL = "FINAL"
    REVISION = "REVISION"


class BlockingFindings(Refused):
    """Something found missing or wrong must be put right first."""

    reason = "BLOCKING_FINDINGS"


@dataclass(frozen=True, slots=True)
class RunTotals:
    """Sums over the rows of a run; money in fen. The last two are what the approval limit sees."""

    settlements: int = 0
    tonnes: int = 0
    gain: int = 0
    share: int = 0
    relief: int = 0
    gross: int = 0
    largest_line: int = 0
    sum_of_lines: int = 0

    @property
    def house(self) -> int:
        """What moves to the house."""
        return self.gain + self.relief - self.share

    def plus(self, other: "RunTotals") -> "RunTotals":
        """Add another part of the run."""
        return RunTotals(
            self.settlements + other.settlements,
            self.tonnes + other.tonnes,
            self.gain + other.gain,
            self.share + other.share,
            self.relief + other.relief,
            self.gross + other.gross,
            max(self.largest_line, other.largest_line),
            self.sum_of_lines + other.sum_of_lines,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRun:
    """One run. ``number`` counts its kind in its month. An empty digest: not calculated yet.

    ``inputs_version`` names the state of everything that it was calculated from; empty when that
    did not stand still meanwhile.
    """

    month: Month
    kind: RunKind
    number: int
    maker: str
    created_at: datetime
    sign_off: SignOff
    totals: RunTotals = RunTotals()
    findings: tuple[Finding, ...] = ()
    posted_at: datetime | None = None
    failure: str = ""
    inputs_version: str = ""

    @property
    def name(self) -> RunName:
        """Its resource name."""
        return run_name(self.month, self.kind, self.number)

    @property
    def state(self) -> RunState:
        """Where it stands."""
        return self.sign_off.state

    @property
    def digest(self) -> str:
        """What is signed."""
        return self.sign_off.digest

    @property
    def needs_director(self) -> bool:
        """Tell whether its amounts are above the limit; the net never counts."""
        amounts = RunAmounts(
            from_minor(self.totals.largest_line), from_minor(self.totals.sum_of_lines)
        )
        return amounts.exceed(DEFAULT_APPROVAL_LIMIT)

    @property
    def awaiting_role(self) -> str:
        """Name the role whose signature is next; empty when nothing is awaited."""
        if self.kind is RunKind.PROVISIONAL and self.state is RunState.REVIEWED:
            return ""
        return self.sign_off.awaiting_role(needs_director=self.needs_director)

    def calculated(
        self, *, digest: str, totals: RunTotals, inputs_version: str = ""
    ) -> "SettlementRun":
        """Conclude the calculation; ``inputs_version`` is that of the inputs at its end."""
        signed = replace(self.sign_off, state=RunState.CALCULATED, digest=digest)
        stood_still = inputs_version == self.inputs_version
        version = inputs_version if stood_still else ""
        return replace(self, sign_off=signed, totals=totals, inputs_version=version)

    def failed(self, failure: str) -> "SettlementRun":
        """Give the calculation up, saying why."""
        return replace(
            self, sign_off=replace(self.sign_off, state=RunState.FAILED), failure=failure
        )

    def superseded(self) -> "SettlementRun":
        """Give way to a later run."""
        return replace(self, sign_off=replace(self.sign_off, state=RunState.SUPERSEDED))

    def review(self, *, principal: Principal, digest: str, time: datetime) -> "SettlementRun":
        """Sign as reviewer; an empty digest signs the present one.

        Raises:
            WrongState, MakerIsChecker, DigestChanged.
        """
        signed = self.sign_off.review(principal=principal, digest=digest or self.digest, time=time)
        return replace(self, sign_off=signed)

    def approve(self, *, principal: Principal, digest: str, time: datetime) -> "SettlementRun":
        """Sign as approver.

        Raises:
            WrongState, MakerIsChecker, DigestChanged, AboveAuthority, BlockingFindings.
        """
        if self.kind is RunKind.PROVISIONAL:
            raise WrongState(
                f"{self.name} is PROVISIONAL, which is never approved; start a FINAL run",
                subject=self.name,
            )
        signed = self.sign_off.approve(
            principal=principal, digest=digest, time=time, needs_director=self.needs_director
        )
        self._refuse_blocked()
        return replace(self, sign_off=signed)

    def post(self, *, digest: str, time: datetime) -> "SettlementRun":
        """Turn it POSTED; ``digest`` is that of the inputs as they are now.

        Raises:
            WrongState, DigestChanged.
        """
        return replace(
            self,
            sign_off=self.sign_off.conclude(RunState.POSTED, digest=digest),
            posted_at=time,
        )

    def _refuse_blocked(self) -> None:
        blocking = [f for f in self.findings if f.severity is Severity.RUN_BLOCKING]
        if blocking:
            reasons = "; ".join(f"{f.reason} {f.subject}" for f in blocking[:10])
            raise BlockingFindings(
                f"{self.name} has {len(blocking)} blocking findings: {reasons};"
                " put them right and start again",
                subject=self.name,
            )


def run_name(month: Month, kind: RunKind, number: int) -> RunName:
    """Name a run: ``settlementRuns/2025-03-final-1``."""
    return RunName(f"settlementRuns/{month}-{kind.value.lower()}-{number}")


def totals_of(settlements: Iterable[Settlement]) -> RunTotals:
    """Sum the rows of settlements; lines are rows, with tax."""
    count, moved, lines = 0, NOTHING, list[int]()
    for settlement in settlements:
        count += 1
        for row in settlement.rows:
            moved = moved.plus(row.moved)
            lines.append(row.gross)
    sizes = [abs(line) for line in lines]
    return RunTotals(
        settlements=count,
        tonnes=moved.tonnes,
        gain=moved.gain,
        share=moved.share,
        relief=moved.relief,
        gross=sum(lines),
        largest_line=max(sizes, default=0),
        sum_of_lines=sum(sizes),
    )


def runs_to_supersede(
    runs: Sequence[SettlementRun], kind: RunKind, *, outdated: Collection[RunName] = ()
) -> list[SettlementRun]:
    """Find the runs of that kind that a new one replaces.

    ``outdated`` names approved runs that cannot be posted any more, since their inputs changed.

    Raises:
        WrongState: FINAL is approved or posted already; a REVISION comes before FINAL is posted,
            or while another is approved and not posted.
    """
    same = [run for run in runs if run.kind is kind]
    current = [run for run in same if run.name not in outdated]
    if kind is not RunKind.PROVISIONAL:
        _refuse_out_of_order(runs, current, kind)
    return [run for run in same if run.state in _UNDER_WAY or run.name in outdated]


def _refuse_out_of_order(
    runs: Sequence[SettlementRun], same: Sequence[SettlementRun], kind: RunKind
) -> None:
    if kind is RunKind.FINAL:
        standing = [run for run in same if run.state in _STANDS]
        if standing:
            posted = standing[0].state is RunState.POSTED
            way_out = "start a REVISION" if posted else "post it"
            raise _refused(standing[0], f"there is one FINAL a month; {way_out}")
        return
    waiting = [run for run in same if run.state is RunState.APPROVED]
    if waiting:
        raise _refused(waiting[0], "post it before another REVISION")
    if not any(run.kind is RunKind.FINAL and run.state is RunState.POSTED for run in runs):
        raise WrongState(
            "a REVISION comes after FINAL is posted; start, approve and post a FINAL run first",
            subject="settlementRuns",
        )


def _refused(run: SettlementRun, way_out: str) -> WrongState:
    return WrongState(
        f"{run.name} is {run.state}; {way_out}",
        subject=run.name,
        metadata={"state": run.state.value},
    )
