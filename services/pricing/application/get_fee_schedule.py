"""GetFeeSchedule."""

from dataclasses import dataclass

from services.kernel.errors import NotFound
from services.kernel.identifiers import FeeScheduleName
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import FeeSchedules
from services.pricing.domain.fee_schedule import FeeSchedule


@dataclass(frozen=True, slots=True, kw_only=True)
class GetFeeSchedule:
    """Reads one fee schedule."""

    unit_of_work: UnitOfWork
    schedules: FeeSchedules

    def __call__(self, *, name: FeeScheduleName) -> FeeSchedule:
        """Read it.

        Raises:
            NotFound: there is no such schedule.
        """
        with self.unit_of_work():
            found = self.schedules.find(name)
        if found is None:
            raise NotFound(name)
        return found
