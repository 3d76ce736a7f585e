"""CreateFeeSchedule."""

from dataclasses import dataclass

from services.kernel.errors import AlreadyExists
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import FeeSchedules
from services.pricing.domain.fee_schedule import FeeSchedule


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateFeeSchedule:
    """Opens a fee schedule, without revisions."""

    unit_of_work: UnitOfWork
    schedules: FeeSchedules

    def __call__(self, *, schedule: FeeSchedule) -> FeeSchedule:
        """Open it.

        Raises:
            AlreadyExists: a schedule of that name is there.
        """
        with self.unit_of_work():
            if not self.schedules.add(schedule):
                raise AlreadyExists(schedule.name)
        return schedule
