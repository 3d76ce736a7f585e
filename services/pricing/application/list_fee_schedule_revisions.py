"""ListFeeScheduleRevisions."""

from dataclasses import dataclass

from services.kernel.errors import NotFound
from services.kernel.identifiers import FeeScheduleName
from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import FeeScheduleRevisions, FeeSchedules
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFeeScheduleRevisions:
    """Lists the revisions of a schedule by name, drafts included."""

    unit_of_work: UnitOfWork
    schedules: FeeSchedules
    revisions: FeeScheduleRevisions

    def __call__(
        self, *, schedule: FeeScheduleName, page: PageRequest
    ) -> Page[FeeScheduleRevision]:
        """Read a page.

        Raises:
            NotFound: there is no such schedule.
        """
        with self.unit_of_work():
            if self.schedules.find(schedule) is None:
                raise NotFound(schedule)
            return self.revisions.list_revisions(schedule, page)
