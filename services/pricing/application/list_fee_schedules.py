"""ListFeeSchedules."""

from dataclasses import dataclass

from services.kernel.page import Page, PageRequest
from services.kernel.service import CustomerClass, Service
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import FeeSchedules
from services.pricing.domain.fee_schedule import FeeSchedule


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFeeSchedules:
    """Lists the fee schedules by name."""

    unit_of_work: UnitOfWork
    schedules: FeeSchedules

    def __call__(
        self,
        *,
        page: PageRequest,
        service: Service | None = None,
        customer_class: CustomerClass | None = None,
    ) -> Page[FeeSchedule]:
        """Read a page, of a service or a class if asked."""
        with self.unit_of_work():
            return self.schedules.list_schedules(
                page, service=service, customer_class=customer_class
            )
