"""Which revision is in force for a customer: on a day, and over a span of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.kernel.errors import Refused
from services.kernel.identifiers import CustomerName
from services.kernel.period import Period
from services.kernel.service import Service
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision


class TariffMissing(Refused):
    """No revision is in force, so that nobody can say what the service costs."""

    reason = "PRICE_MISSING"

    def __init__(self, *, customer: CustomerName, service: Service, day: date) -> None:
        """Name whom, what and when the tariff is missing for."""
        super().__init__(
            f"no fee schedule revision for {service} of {customer} is in force on {day};"
            " approve one with that effective date",
            subject=customer,
            metadata={"service": service.value, "date": day.isoformat()},
        )


@dataclass(frozen=True, slots=True)
class TariffSegment:
    """Days charged by one revision. No revision is a named absence, never a price of zero."""

    period: Period
    revision: FeeScheduleRevision | None


def revision_in_force(
    *,
    revisions: Sequence[FeeScheduleRevision],
    customer: CustomerName | None,
    day: date,
    known_at: datetime,
) -> FeeScheduleRevision | None:
    """Find the revision of a day as known at a moment; None when there is none.

    The customer's own override goes before the tariff for all; among equals the later effective
    date, then the later approval. The revisions are those of the customer's service and class.
    """
    candidates = [
        revision
        for revision in revisions
        if revision.tariff.customer in {None, customer}
        and revision.tariff.in_force_on(day)
        and revision.known_by(known_at)
    ]
    return max(candidates, key=_precedence, default=None)


def tariff_segments(
    *,
    revisions: Sequence[FeeScheduleRevision],
    customer: CustomerName | None,
    period: Period,
    known_at: datetime,
) -> tuple[TariffSegment, ...]:
    """Cut a period into segments of equal revision in force, in order and without a gap."""
    edges = {period.start, *_changes_within(revisions, period)}
    segments: list[TariffSegment] = []
    ends = [*sorted(edges)[1:], period.end]
    for start, end in zip(sorted(edges), ends, strict=True):
        found = revision_in_force(
            revisions=revisions, customer=customer, day=start, known_at=known_at
        )
        if segments and segments[-1].revision == found:
            start = segments.pop().period.start  # noqa: PLW2901 - the segment before goes on
        segments.append(TariffSegment(Period(start, end), found))
    return tuple(segments)


def _changes_within(revisions: Sequence[FeeScheduleRevision], period: Period) -> set[date]:
    tariffs = [revision.tariff for revision in revisions]
    days = {tariff.effective_date for tariff in tariffs} | {
        tariff.end_date for tariff in tariffs if tariff.end_date is not None
    }
    return {day for day in days if day in period}


def _precedence(revision: FeeScheduleRevision) -> tuple[bool, date, datetime, str]:
    approval = revision.approval
    if approval is None:
        raise ValueError(f"{revision.name} is a draft, which is never in force")
    tariff = revision.tariff
    return tariff.customer is not None, tariff.effective_date, approval.approved_at, revision.name
