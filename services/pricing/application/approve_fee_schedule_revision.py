"""ApproveFeeScheduleRevision."""

from dataclasses import dataclass

from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import RevisionName
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import FeeScheduleRevisions
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision, already_approved


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveFeeScheduleRevision:
    """Puts a draft in force from its effective date."""

    unit_of_work: UnitOfWork
    revisions: FeeScheduleRevisions
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, name: RevisionName) -> FeeScheduleRevision:
        """Approve it, in the name of the caller.

        Raises:
            NotFound: there is no such revision.
            WrongState: it is approved already.
            MakerIsChecker: the caller drafted it.
        """
        with self.unit_of_work():
            draft = self.revisions.find(name)
            if draft is None:
                raise NotFound(name)
            approved = draft.approve(principal=self.principal(), time=self.clock.now())
            approval = approved.approval
            if approval is None or not self.revisions.approve(name, approval):
                raise already_approved(name)
        return approved
