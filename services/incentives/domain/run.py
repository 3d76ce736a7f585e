"""One calculation of a scheme for a cycle: what is asked, what came out, what is signed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from services.incentives.domain.award import Grant, Grants
from services.incentives.domain.correction import CorrectionLine
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.measurement import Measurement
from services.incentives.domain.metric import Metric
from services.incentives.domain.pool import PoolSize
from services.kernel.authority import DIRECTOR, Approval, RunState, SignOff
from services.kernel.errors import Refused
from services.kernel.explanation import Explanation
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import AwardName, RunName, SchemeName, id_of
from services.kernel.money import Money, zero


class BlockingFindings(Refused):
    """Something that the run found missing must be cured, and the run started again."""

    reason = "BLOCKING_FINDINGS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to. ``own_pool`` is that of its own cycle, ``pool`` with corrections."""

    result: Money
    target: Money
    excess: Money
    own_pool: Money
    pool: Money
    awarded: Money
    award_count: int
    metrics: tuple[Metric, ...] = ()
    corrections: tuple[CorrectionLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    explanation: Explanation = field(default_factory=Explanation)

    @property
    def unallocated(self) -> Money:
        """What nobody can take."""
        return self.pool - self.awarded

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that stop an approval."""
        return tuple(f for f in self.findings if f.severity is Severity.RUN_BLOCKING)


NO_OUTCOME = Outcome(
    result=zero(),
    target=zero(),
    excess=zero(),
    own_pool=zero(),
    pool=zero(),
    awarded=zero(),
    award_count=0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncentiveRun:
    """A run. ``outcome`` is empty while it calculates, ``failure`` unless it FAILED."""

    name: RunName
    scheme: SchemeName
    cycle: Cycle
    number: int
    assignments_version: int
    on_time_surrender: Decimal | None
    surrender_evidence: str
    sign_off: SignOff
    created_at: datetime
    outcome: Outcome = NO_OUTCOME
    journal_entry: str = ""
    failure: str = ""

    @property
    def state(self) -> RunState:
        """Where it stands."""
        return self.sign_off.state

    @property
    def awaiting_role(self) -> str:
        """The role whose signature is next: awards are approved by a finance director."""
        return self.sign_off.awaiting_role(needs_director=False, approver=DIRECTOR)

    @property
    def approvals(self) -> tuple[Approval, ...]:
        """Who signed so far."""
        return self.sign_off.approvals

    def calculated(self, outcome: Outcome, *, digest: str) -> "IncentiveRun":
        """Give it its outcome and the digest over it."""
        sign_off = replace(self.sign_off, state=RunState.CALCULATED, digest=digest)
        return replace(self, outcome=outcome, sign_off=sign_off)

    def failed(self, failure: str) -> "IncentiveRun":
        """Give the calculation up, saying why."""
        given_up = replace(self.sign_off, state=RunState.FAILED)
        return replace(self, sign_off=given_up, failure=failure)

    def signed(self, sign_off: SignOff) -> "IncentiveRun":
        """Give it its next signature."""
        return replace(self, sign_off=sign_off)

    def require_no_blocking_findings(self) -> None:
        """Refuse an approval while something is missing.

        Raises:
            BlockingFindings.
        """
        blocking = self.outcome.blocking
        if blocking:
            first = blocking[0]
            raise BlockingFindings(
                f"{self.name} has {len(blocking)} blocking findings, first {first.reason} of"
                f" {first.subject}: {first.message}; cure them and start the run again",
                subject=self.name,
                metadata={"finding": first.reason, "resource": first.subject},
            )


def run_name(scheme: SchemeName, cycle: Cycle, number: int) -> RunName:
    """Name a run by what it is about: ``incentiveRuns/desk-2025-q1-1``."""
    return RunName(f"incentiveRuns/{id_of(scheme)}-{str(cycle).lower()}-{number}")


def award_name(run: RunName, staff_id: str) -> AwardName:
    """Name an award by its run and person."""
    return AwardName(f"awards/{id_of(run)}-{staff_id}")


def outcome_of(
    *,
    measurement: Measurement,
    size: PoolSize,
    target: Money,
    grants: Grants,
    corrections: Sequence[CorrectionLine],
    findings: Sequence[Finding],
) -> Outcome:
    """Put the figures of a run together; ``findings`` are those beside the measurement's own."""
    return Outcome(
        result=measurement.result,
        target=target,
        excess=size.excess,
        own_pool=size.pool,
        pool=grants.pool,
        awarded=grants.awarded,
        award_count=grants.award_count,
        metrics=measurement.metrics,
        corrections=tuple(corrections),
        findings=(*measurement.findings, *findings),
        explanation=size.explanation,
    )


@dataclass(frozen=True, slots=True)
class Award:
    """One person's grant by a run."""

    run: RunName
    cycle: Cycle
    grant: Grant

    @property
    def name(self) -> AwardName:
        """Its resource name."""
        return award_name(self.run, self.grant.assignment.staff_id)
