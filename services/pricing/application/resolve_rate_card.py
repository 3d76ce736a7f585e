"""ResolveRateCard."""

from dataclasses import dataclass
from datetime import date, datetime

from services.kernel.clock import Clock
from services.kernel.identifiers import CustomerName
from services.kernel.service import Service
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import CustomerClasses, FeeScheduleRevisions
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision
from services.pricing.domain.rate_card import TariffMissing, revision_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveRateCard:
    """Finds the revision by which a customer is charged for a service on a day."""

    unit_of_work: UnitOfWork
    revisions: FeeScheduleRevisions
    customer_classes: CustomerClasses
    clock: Clock

    def __call__(
        self,
        *,
        customer: CustomerName,
        service: Service,
        day: date,
        known_at: datetime | None = None,
    ) -> FeeScheduleRevision:
        """Find it; ``known_at`` unset asks for what is known as the call comes in.

        Raises:
            NotFound: there is no such customer within the caller's scope.
            TariffMissing: no revision is in force.
        """
        moment = known_at or self.clock.now()
        with self.unit_of_work():
            customer_class = self.customer_classes.class_on(customer, day)
            revisions = self.revisions.approved(
                service=service, customer_class=customer_class, customers=[customer]
            )
        found = revision_in_force(revisions=revisions, customer=customer, day=day, known_at=moment)
        if found is None:
            raise TariffMissing(customer=customer, service=service, day=day)
        return found
