"""ResolveTariffs: what customers are charged by over spans of days; asked by billing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.kernel.clock import Clock
from services.kernel.identifiers import CustomerName
from services.kernel.period import Period
from services.kernel.service import CustomerClass, Service
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import FeeScheduleRevisions
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision
from services.pricing.domain.rate_card import TariffSegment, tariff_segments


@dataclass(frozen=True, slots=True)
class TariffQuestion:
    """By what a customer of a class is charged for a service, over some days."""

    customer: CustomerName
    customer_class: CustomerClass
    service: Service
    period: Period


_Tariff = tuple[Service, CustomerClass]
_ByCustomer = Mapping[CustomerName | None, list[FeeScheduleRevision]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveTariffs:
    """Cuts spans of days into segments of equal revision in force, for many customers at once."""

    unit_of_work: UnitOfWork
    revisions: FeeScheduleRevisions
    clock: Clock

    def __call__(
        self, *, questions: Sequence[TariffQuestion], known_at: datetime | None = None
    ) -> Mapping[TariffQuestion, tuple[TariffSegment, ...]]:
        """Answer each question by segments, in order and without a gap.

        Days that no revision covers are a segment without one: a named absence.
        """
        moment = known_at or self.clock.now()
        with self.unit_of_work():
            found = self._read(questions)
        return {question: _segments(question, found, moment) for question in questions}

    def _read(self, questions: Sequence[TariffQuestion]) -> Mapping[_Tariff, _ByCustomer]:
        """Read the revisions of each service and class once, sorted by whom they are for."""
        asked: dict[_Tariff, set[CustomerName]] = {}
        for question in questions:
            key = (question.service, question.customer_class)
            asked.setdefault(key, set()).add(question.customer)
        found: dict[_Tariff, dict[CustomerName | None, list[FeeScheduleRevision]]] = {}
        for (service, customer_class), customers in asked.items():
            revisions = self.revisions.approved(
                service=service, customer_class=customer_class, customers=sorted(customers)
            )
            sorted_out = found.setdefault((service, customer_class), {})
            for revision in revisions:
                sorted_out.setdefault(revision.tariff.customer, []).append(revision)
        return found


def _segments(
    question: TariffQuestion, found: Mapping[_Tariff, _ByCustomer], moment: datetime
) -> tuple[TariffSegment, ...]:
    by_customer = found[question.service, question.customer_class]
    own = by_customer.get(question.customer, [])
    return tariff_segments(
        revisions=[*by_customer.get(None, []), *own],
        customer=question.customer,
        period=question.period,
        known_at=moment,
    )
