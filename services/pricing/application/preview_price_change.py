"""PreviewPriceChange."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import FeeScheduleName, RevisionName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Period, year_period
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import FeeScheduleRevisions, FeeSchedules
from services.pricing.application.price_change_ports import BilledCustomers, ManagementFees
from services.pricing.domain.fee_schedule import FeeSchedule
from services.pricing.domain.fee_schedule_revision import (
    FeeScheduleRevision,
    RevisionApproval,
    already_approved,
)
from services.pricing.domain.price_change import (
    BilledCustomer,
    ChangeEffect,
    ChangeTotals,
    Charged,
    CustomerChange,
    falls_of,
    first_day_by,
    note_on,
    totals_of,
)
from services.pricing.domain.rate_card import TariffSegment, revision_in_force, tariff_segments
from services.pricing.domain.tariff import Tariff, check_tariff

_UNSTORED = "~draft"
"""No stored revision can have this id."""
_NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedChange:
    """A page of customers; the sums on the first page; what the terms do at their bounds."""

    page: Page[CustomerChange]
    totals: ChangeTotals | None
    notes: tuple[str, ...]
    effective_date: date
    scale_year: int
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPriceChange:
    """Tells who would pay how much more, from when, if a draft were approved now."""

    unit_of_work: UnitOfWork
    schedules: FeeSchedules
    revisions: FeeScheduleRevisions
    customers: BilledCustomers
    fees: ManagementFees
    clock: Clock

    def __call__(
        self,
        *,
        schedule: FeeScheduleName,
        draft: Tariff | RevisionName,
        scale_year: int | None,
        page: PageRequest,
    ) -> PreviewedChange:
        """Preview a draft that is stored, or terms that nobody stored.

        Raises:
            NotFound: there is no such schedule, or no such draft of it.
            WrongState: the revision is approved already.
            InvalidTariff, InvalidTier, TiersDoNotTile: nobody could be charged by the terms.
        """
        moment = self.clock.now()
        with self.unit_of_work():
            found = self.schedules.find(schedule)
            if found is None:
                raise NotFound(schedule)
            revision = self._as_if_approved(found, draft, moment)
            change = _Change(self, found, revision, scale_year, moment)
            listed = change.everyone(page)
            return PreviewedChange(
                page=listed,
                totals=change.totals() if page.after is None else None,
                notes=tuple(falls_of(revision.tariff)),
                effective_date=revision.tariff.effective_date,
                scale_year=change.scale_year,
                known_at=moment,
            )

    def _as_if_approved(
        self, schedule: FeeSchedule, draft: Tariff | RevisionName, moment: datetime
    ) -> FeeScheduleRevision:
        approval = RevisionApproval(_NOBODY, moment)
        if isinstance(draft, Tariff):
            check_tariff(draft, service=schedule.service)
            return FeeScheduleRevision(
                name=RevisionName(f"{schedule.name}/revisions/{_UNSTORED}"),
                schedule=schedule.name,
                tariff=draft,
                maker=_NOBODY,
                created_at=moment,
                approval=approval,
            )
        stored = self.revisions.find(draft)
        if stored is None or stored.schedule != schedule.name:
            raise NotFound(draft)
        if stored.approval is not None:
            raise already_approved(draft)
        return replace(stored, approval=approval)


class _Change:
    """One preview: the customers of the schedule, and the revisions with and without the draft."""

    def __init__(
        self,
        verb: PreviewPriceChange,
        schedule: FeeSchedule,
        draft: FeeScheduleRevision,
        scale_year: int | None,
        moment: datetime,
    ) -> None:
        effective = draft.tariff.effective_date
        self._verb, self._draft, self._moment = verb, draft, moment
        self._year = effective.year
        self.scale_year = scale_year or effective.year
        span = Period(effective, year_period(effective.year).end)
        customers = verb.customers(
            customer_class=schedule.customer_class,
            service=schedule.service,
            span=span,
            scale_year=self.scale_year,
        )
        only = draft.tariff.customer
        self._customers = [each for each in customers if only in {None, each.name}]
        self._revisions = verb.revisions.approved(
            service=schedule.service,
            customer_class=schedule.customer_class,
            customers=[each.name for each in self._customers],
        )

    def everyone(self, page: PageRequest) -> Page[CustomerChange]:
        """Read a page of customers, by name."""
        after = page.after[-1] if page.after else ""
        rest = [each for each in self._customers if each.name > after]
        shown = tuple(self._of(each) for each in rest[: page.size])
        return Page(shown, (shown[-1].customer,) if len(rest) > page.size else None)

    def totals(self) -> ChangeTotals:
        """Sum up over everyone."""
        return totals_of([self._of(each) for each in self._customers])

    def _of(self, customer: BilledCustomer) -> CustomerChange:
        after = self._segments(customer, [*self._revisions, self._draft])
        start = first_day_by(self._draft, after)
        change = CustomerChange(
            customer=customer.name,
            effect=ChangeEffect.UNTOUCHED,
            from_date=start,
            scale=customer.scale,
        )
        if start is None:
            return change
        old = revision_in_force(
            revisions=self._revisions, customer=customer.name, day=start, known_at=self._moment
        )
        fees, tonnes = self._verb.fees, customer.traded_tonnes
        more = fees.of_traded(self._draft, tonnes=tonnes) - fees.of_traded(old, tonnes=tonnes)
        change = replace(
            change,
            effect=ChangeEffect.SCALE_MISSING,
            traded_before=None if old is None else old.tariff.per_traded_tonne,
            traded_after=self._draft.tariff.per_traded_tonne,
            traded_tonnes=tonnes,
            traded_difference=more,
        )
        if customer.scale is None:
            return change
        before = self._segments(customer, self._revisions)
        return replace(
            change,
            effect=ChangeEffect.CHARGED,
            before=self._charged(before, old, customer.scale),
            after=self._charged(after, self._draft, customer.scale),
            note=note_on(self._draft.tariff, customer.scale),
        )

    def _segments(
        self, customer: BilledCustomer, revisions: Sequence[FeeScheduleRevision]
    ) -> list[TariffSegment]:
        theirs = [each for each in revisions if each.tariff.customer in {None, customer.name}]
        return [
            segment
            for days in customer.days
            for segment in tariff_segments(
                revisions=theirs, customer=customer.name, period=days, known_at=self._moment
            )
        ]

    def _charged(
        self,
        segments: Sequence[TariffSegment],
        revision: FeeScheduleRevision | None,
        scale: Decimal,
    ) -> Charged:
        fees, year = self._verb.fees, self._year
        annual = None if revision is None else fees.of_year(revision, scale=scale, year=year)
        return Charged(annual, fees.of_days(segments, scale=scale, year=year))
