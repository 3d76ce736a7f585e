"""ResolveTariffs: what a customer is charged by over a span of days; asked by billing."""

from dataclasses import dataclass
from datetime import datetime

from services.kernel.clock import Clock
from services.kernel.identifiers import CustomerName
from services.kernel.period import Period
from services.kernel.service import CustomerClass, Service
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import FeeScheduleRevisions
from services.pricing.domain.rate_card import TariffSegment, tariff_segments


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveTariffs:
    """Cuts a period into segments of equal revision in force for a customer of one class."""

    unit_of_work: UnitOfWork
    revisions: FeeScheduleRevisions
    clock: Clock

    def __call__(
        self,
        *,
        customer: CustomerName,
        customer_class: CustomerClass,
        service: Service,
        period: Period,
        known_at: datetime | None = None,
    ) -> tuple[TariffSegment, ...]:
        """Cut it, in order and without a gap. Days that no revision covers are named as such."""
        moment = known_at or self.clock.now()
        with self.unit_of_work():
            revisions = self.revisions.approved(
                service=service, customer_class=customer_class, customer=customer
            )
        return tariff_segments(
            revisions=revisions, customer=customer, period=period, known_at=moment
        )
