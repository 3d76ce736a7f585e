"""One dated version of a tariff: drafted by one person, approved by another, then never changed."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.kernel.authority import MakerIsChecker, Principal
from services.kernel.errors import WrongState
from services.kernel.identifiers import FeeScheduleName, RevisionName, named
from services.pricing.domain.tariff import Tariff


class RevisionState(StrEnum):
    """A draft charges nobody; an approved revision does from its effective date."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"


@dataclass(frozen=True, slots=True)
class RevisionApproval:
    """Who put a revision in force, and when: answers as known before do not see it."""

    approver: str
    approved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeScheduleRevision:
    """A version of a schedule's tariff, for all of its customers or as an override for one."""

    name: RevisionName
    schedule: FeeScheduleName
    tariff: Tariff
    maker: str
    created_at: datetime
    approval: RevisionApproval | None = None

    @property
    def state(self) -> RevisionState:
        """Where it stands."""
        return RevisionState.DRAFT if self.approval is None else RevisionState.APPROVED

    def approve(self, *, principal: Principal, time: datetime) -> "FeeScheduleRevision":
        """Put a draft in force.

        Raises:
            WrongState: it is approved already.
            MakerIsChecker: its maker may not approve it.
        """
        if self.approval is not None:
            raise already_approved(self.name)
        if principal.subject == self.maker:
            raise MakerIsChecker(
                f"{self.maker} drafted {self.name}; another person must approve it",
                subject=self.name,
            )
        return replace(self, approval=RevisionApproval(principal.subject, time))

    def known_by(self, moment: datetime) -> bool:
        """Tell whether it was approved by a moment, that moment included."""
        return self.approval is not None and self.approval.approved_at <= moment


def already_approved(name: RevisionName) -> WrongState:
    """Build the refusal to approve a revision again."""
    return WrongState(
        f"{name} is approved already; draft another revision to change the tariff",
        subject=name,
        metadata={"state": RevisionState.APPROVED.value},
    )


def revision_name(schedule: FeeScheduleName, revision_id: str) -> RevisionName:
    """Name a revision of a schedule.

    Raises:
        InvalidName: the id is not one.
    """
    return RevisionName(named(f"{schedule}/revisions", revision_id))
