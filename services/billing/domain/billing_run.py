"""One calculation of a month's invoices: where it stands, what was found, who signed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.billing.domain.amounts import NOTHING, Amounts
from services.kernel.authority import Principal, RunAmounts, RunState, SignOff
from services.kernel.digest import digest_of
from services.kernel.errors import Refused, WrongState
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import CustomerName, RunName
from services.kernel.money import Money, from_minor
from services.kernel.period import Month

CHUNK_SIZE = 200
"""Customers in one chunk: some seconds of work, and little to repeat after a crash."""


class BlockingFindings(Refused):
    """A finding blocks the whole run; resolve it and start the run again."""

    reason = "BLOCKING_FINDINGS"


@dataclass(frozen=True, slots=True)
class CustomerResult:
    """The fingerprints of one customer in a run: of its inputs, and of its drafts."""

    customer: CustomerName
    inputs_digest: str
    lines_digest: str


@dataclass(frozen=True, slots=True)
class RunTotals:
    """What the drafts of a run, or of a part of it, come to. Lines are counted gross."""

    invoice_count: int = 0
    credit_note_count: int = 0
    amounts: Amounts = NOTHING
    largest_line_fen: int = 0
    sum_of_lines_fen: int = 0

    def __add__(self, other: "RunTotals") -> "RunTotals":
        """Put two parts of a run together."""
        return RunTotals(
            self.invoice_count + other.invoice_count,
            self.credit_note_count + other.credit_note_count,
            self.amounts + other.amounts,
            max(self.largest_line_fen, other.largest_line_fen),
            self.sum_of_lines_fen + other.sum_of_lines_fen,
        )

    @property
    def run_amounts(self) -> RunAmounts:
        """What the approval limit looks at."""
        return RunAmounts(from_minor(self.largest_line_fen), from_minor(self.sum_of_lines_fen))


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingRun:
    """A run of a month. ``series`` counts the issues of the month, this one included.

    ``failure`` says why a FAILED run could not be computed; empty otherwise.
    """

    name: RunName
    month: Month
    number: int
    series: int
    sign_off: SignOff
    chunk_count: int
    done_count: int
    created_at: datetime
    approval_limit: Money
    totals: RunTotals = RunTotals()
    findings: tuple[Finding, ...] = ()
    failure: str = ""

    @property
    def state(self) -> RunState:
        """Where it stands."""
        return self.sign_off.state

    @property
    def needs_director(self) -> bool:
        """Tell whether a director must sign too."""
        return self.totals.run_amounts.exceed(self.approval_limit)

    @property
    def awaiting_role(self) -> str:
        """Name the role whose signature is next."""
        return self.sign_off.awaiting_role(needs_director=self.needs_director)

    def review(self, *, principal: Principal, digest: str, time: datetime) -> "BillingRun":
        """Sign as reviewer. An empty digest signs the run as it stands.

        Raises:
            WrongState, MakerIsChecker, DigestChanged.
        """
        seen = digest or self.sign_off.digest
        signed = self.sign_off.review(principal=principal, digest=seen, time=time)
        return replace(self, sign_off=signed)

    def approve(self, *, principal: Principal, digest: str, time: datetime) -> "BillingRun":
        """Sign as approver.

        Raises:
            WrongState, MakerIsChecker, DigestChanged, AboveAuthority, BlockingFindings.
        """
        blocking = [f for f in self.findings if f.severity is Severity.RUN_BLOCKING]
        if blocking:
            raise BlockingFindings(
                f"{self.name} cannot be approved: {blocking[0].message}; {blocking[0].way_out}",
                subject=self.name,
                metadata={"finding": blocking[0].reason},
            )
        signed = self.sign_off.approve(
            principal=principal, digest=digest, time=time, needs_director=self.needs_director
        )
        return replace(self, sign_off=signed)

    def calculated(self, *, digest: str) -> "BillingRun":
        """Turn CALCULATING into CALCULATED, with what is to be signed."""
        signed = replace(self.sign_off, state=RunState.CALCULATED, digest=digest)
        return replace(self, sign_off=signed)

    def failed(self, failure: str) -> "BillingRun":
        """Give the calculation up, saying why."""
        given_up = replace(self.sign_off, state=RunState.FAILED)
        return replace(self, sign_off=given_up, failure=failure)

    def superseded(self) -> "BillingRun":
        """Give way to a later run of the month."""
        return replace(self, sign_off=replace(self.sign_off, state=RunState.SUPERSEDED))

    def issued(self, *, digest: str) -> "BillingRun":
        """Turn APPROVED into ISSUED, if nothing changed since it was computed.

        Raises:
            WrongState, DigestChanged.
        """
        return replace(self, sign_off=self.sign_off.conclude(RunState.ISSUED, digest=digest))


def new_run(
    *,
    month: Month,
    earlier: Sequence[BillingRun],
    maker: str,
    chunk_count: int,
    approval_limit: Money,
    time: datetime,
) -> BillingRun:
    """Begin the next run of a month after its earlier ones."""
    number = len(earlier) + 1
    issued = sum(run.state is RunState.ISSUED for run in earlier)
    name = RunName(f"billingRuns/{month}-{number}")
    return BillingRun(
        name=name,
        month=month,
        number=number,
        series=issued + 1,
        sign_off=SignOff(name, RunState.CALCULATING, maker, ""),
        chunk_count=chunk_count,
        done_count=0,
        created_at=time,
        approval_limit=approval_limit,
    )


def run_digest(month: Month, results: Iterable[CustomerResult]) -> str:
    """Compute what is signed: every customer's inputs, rules and lines, by name."""
    facts = sorted((r.customer, r.inputs_digest, r.lines_digest) for r in results)
    return digest_of([str(month), *map(list, facts)])


def chunks_of(customers: Sequence[CustomerName]) -> tuple[tuple[CustomerName, ...], ...]:
    """Cut customers, by name, into chunks."""
    names = sorted(customers)
    return tuple(
        tuple(names[start : start + CHUNK_SIZE]) for start in range(0, len(names), CHUNK_SIZE)
    )


def refuse_out_of_order(
    month: Month, *, first_open: Month | None, billed: Collection[Month]
) -> None:
    """Refuse to bill a month before an earlier open one, or after a later one.

    What is to date would otherwise be billed in the wrong month, or be given back.

    Raises:
        WrongState: naming the other month.
    """
    later = [other for other in billed if other > month]
    if later:
        raise WrongState(
            f"{month} cannot be billed again, since {min(later)} is billed; what is still owed"
            " of it comes with the next month",
            subject=f"months/{month}",
            metadata={"billed_month": str(min(later))},
        )
    due = first_open or month
    while due < month:
        if due not in billed:
            raise WrongState(
                f"{month} cannot be billed before {due}; issue the invoices of {due} first",
                subject=f"months/{month}",
                metadata={"unbilled_month": str(due)},
            )
        due = due.next()
