"""Who may decide what: principals, three different people on every run, and a limit above two.

Maker, reviewer and approver of a run are three people; above the limit a director is a fourth.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from services.kernel.errors import Conflict, Forbidden, Refused, WrongState
from services.kernel.money import Money, money

EVERY_CUSTOMER = "*"
CONTROLLER, DIRECTOR = "finance_controller", "finance_director"
DEFAULT_APPROVAL_LIMIT = money("10000000")


class MakerIsChecker(Refused):
    """The same person may not make, review and approve one thing."""

    reason = "MAKER_IS_CHECKER"


class DigestChanged(Conflict):
    """What is signed is not what is there now; look at it again."""

    reason = "DIGEST_CHANGED"


class AboveAuthority(Forbidden):
    """The decision belongs to a role that the caller does not have."""

    reason = "ABOVE_AUTHORITY"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling: a subject, its roles, and the customers it may see (or every one)."""

    subject: str
    roles: frozenset[str]
    customers: frozenset[str] = frozenset()

    @property
    def sees_every_customer(self) -> bool:
        """Tell whether no customer is out of scope."""
        return EVERY_CUSTOMER in self.customers


SYSTEM = Principal("system", frozenset({"system"}), frozenset({EVERY_CUSTOMER}))
"""The service itself: its workers and its scheduler."""


class CurrentPrincipal(Protocol):
    """Tells who is calling."""

    def __call__(self) -> Principal:
        """Name the caller of the call under way."""
        ...


class RunState(StrEnum):
    """Where a run stands. ISSUED ends a billing run, POSTED the others."""

    CALCULATING = "CALCULATING"
    CALCULATED = "CALCULATED"
    REVIEWED = "REVIEWED"
    APPROVED = "APPROVED"
    ISSUED = "ISSUED"
    POSTED = "POSTED"
    REJECTED = "REJECTED"
    SUPERSEDED = "SUPERSEDED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Approval:
    """One signature: who, in which role, over which digest, when."""

    principal: str
    role: str
    digest: str
    time: datetime


@dataclass(frozen=True, slots=True)
class RunAmounts:
    """What the approval limit looks at: the largest absolute line, and the sum of all of them."""

    largest_line: Money
    sum_of_lines: Money

    def exceed(self, limit: Money) -> bool:
        """Tell whether a director must sign too. The net never counts: lines may offset."""
        return self.largest_line > limit or self.sum_of_lines > limit


@dataclass(frozen=True, slots=True)
class SignOff:
    """Where a run stands, who made it, and what was signed so far."""

    run: str
    state: RunState
    maker: str
    digest: str
    approvals: tuple[Approval, ...] = ()

    def review(self, *, principal: Principal, digest: str, time: datetime) -> "SignOff":
        """Sign as reviewer: CALCULATED becomes REVIEWED.

        Raises:
            WrongState, MakerIsChecker, DigestChanged.
        """
        self._require(RunState.CALCULATED, "reviewed")
        return self._signed(principal, "reviewer", digest, time, RunState.REVIEWED)

    def approve(
        self,
        *,
        principal: Principal,
        digest: str,
        time: datetime,
        needs_director: bool,
        approver: str = CONTROLLER,
    ) -> "SignOff":
        """Sign as approver: REVIEWED becomes APPROVED, above the limit by the director's hand.

        ``approver`` is the role that approves below the limit.

        Raises:
            WrongState, MakerIsChecker, DigestChanged, AboveAuthority.
        """
        self._require(RunState.REVIEWED, "approved")
        role = self.awaiting_role(needs_director=needs_director, approver=approver)
        if role not in principal.roles:
            raise AboveAuthority(
                f"{self.run} awaits the signature of a {role}; {principal.subject} is none",
                metadata={"resource": self.run, "awaiting_role": role},
            )
        last = role == DIRECTOR or not needs_director
        state = RunState.APPROVED if last else RunState.REVIEWED
        return self._signed(principal, role, digest, time, state)

    def awaiting_role(self, *, needs_director: bool, approver: str = CONTROLLER) -> str:
        """Name the role whose signature is next; empty when nothing is awaited."""
        if self.state is RunState.CALCULATED:
            return CONTROLLER
        if self.state is not RunState.REVIEWED:
            return ""
        approver_signed = any(a.role == approver for a in self.approvals)
        return DIRECTOR if needs_director and approver_signed else approver

    def conclude(self, state: RunState, *, digest: str) -> "SignOff":
        """Turn an approved run into an ISSUED or POSTED one, if nothing changed since.

        Raises:
            WrongState, DigestChanged.
        """
        self._require(RunState.APPROVED, state.value.lower())
        if digest != self.digest:
            raise DigestChanged(
                f"what {self.run} was computed from changed since; start it again",
                metadata={"resource": self.run, "approved": self.digest, "current": digest},
            )
        return replace(self, state=state)

    def _signed(
        self, principal: Principal, role: str, digest: str, time: datetime, state: RunState
    ) -> "SignOff":
        if principal.subject in {self.maker, *(a.principal for a in self.approvals)}:
            raise MakerIsChecker(
                f"{principal.subject} made or signed {self.run} already; another person must sign",
                subject=self.run,
            )
        self._require_digest(digest)
        signature = Approval(principal.subject, role, digest, time)
        return replace(self, state=state, approvals=(*self.approvals, signature))

    def _require(self, state: RunState, verb: str) -> None:
        if self.state is not state:
            raise WrongState(
                f"{self.run} is {self.state}; only a run that is {state} can be {verb}",
                subject=self.run,
                metadata={"state": self.state.value},
            )

    def _require_digest(self, digest: str) -> None:
        if digest != self.digest:
            raise DigestChanged(
                f"the digest given is not that of {self.run}; read it again and decide again",
                metadata={"resource": self.run, "given": digest, "current": self.digest},
            )
