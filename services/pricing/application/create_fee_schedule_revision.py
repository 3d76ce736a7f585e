"""CreateFeeScheduleRevision."""

from dataclasses import dataclass

from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.errors import AlreadyExists, NotFound
from services.kernel.identifiers import FeeScheduleName
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import FeeScheduleRevisions, FeeSchedules
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision, revision_name
from services.pricing.domain.tariff import Tariff, check_tariff


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateFeeScheduleRevision:
    """Drafts a revision of a schedule. A draft charges nobody."""

    unit_of_work: UnitOfWork
    schedules: FeeSchedules
    revisions: FeeScheduleRevisions
    clock: Clock
    principal: CurrentPrincipal

    def __call__(
        self, *, schedule: FeeScheduleName, revision_id: str, tariff: Tariff
    ) -> FeeScheduleRevision:
        """Draft it, in the name of the caller.

        Raises:
            NotFound: there is no such schedule.
            AlreadyExists: it has a revision of that id.
            InvalidTariff, InvalidTier, TiersDoNotTile: nobody could be charged by the terms.
        """
        with self.unit_of_work():
            found = self.schedules.find(schedule)
            if found is None:
                raise NotFound(schedule)
            check_tariff(tariff, service=found.service)
            revision = FeeScheduleRevision(
                name=revision_name(schedule, revision_id),
                schedule=schedule,
                tariff=tariff,
                maker=self.principal().subject,
                created_at=self.clock.now(),
            )
            if not self.revisions.add(revision):
                raise AlreadyExists(revision.name)
        return revision
