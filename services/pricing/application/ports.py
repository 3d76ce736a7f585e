"""What the verbs of pricing need from outside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.kernel.identifiers import (
    CustomerName,
    FeeScheduleName,
    PriceSeriesName,
    RevisionName,
)
from services.kernel.page import Page, PageRequest
from services.kernel.period import Period
from services.kernel.service import CustomerClass, Service
from services.pricing.domain.fee_schedule import FeeSchedule
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision, RevisionApproval
from services.pricing.domain.price_dependent import PriceDependent
from services.pricing.domain.price_point import DayFigures, PricePoint
from services.pricing.domain.price_series import PriceSeries


class PriceSeriesCatalogue(Protocol):
    """The price series."""

    def add(self, series: PriceSeries) -> bool:
        """Add a series; False when one of that name is there already."""
        ...

    def find(self, name: PriceSeriesName) -> PriceSeries | None:
        """Read one."""
        ...

    def lock(self, name: PriceSeriesName) -> None:
        """Keep other imports into the series waiting until this unit of work ends."""
        ...

    def list_series(self, page: PageRequest) -> Page[PriceSeries]:
        """Read a page, by name."""
        ...


class PricePoints(Protocol):
    """The points of all series, in all versions."""

    def add_versions(
        self, series: PriceSeriesName, days: Sequence[DayFigures], *, origin: "PointOrigin"
    ) -> None:
        """Add a new version of each day."""
        ...

    def latest_around(
        self, series: PriceSeriesName, first: date, last: date
    ) -> Mapping[date, DayFigures]:
        """Read the newest versions from the nearest day before ``first`` through ``last``."""
        ...

    def newest_day(self, series: PriceSeriesName) -> date | None:
        """Find the last day of a series that is recorded; None for a series without points."""
        ...

    def known(
        self, series: PriceSeriesName, period: Period, *, known_at: datetime
    ) -> tuple[PricePoint, ...]:
        """Read all days of a period by day, each as known at a moment."""
        ...

    def list_points(
        self,
        series: PriceSeriesName,
        period: Period | None,
        page: PageRequest,
        *,
        known_at: datetime,
    ) -> Page[PricePoint]:
        """Read a page of days by day, each as known at a moment."""
        ...


class PriceDependents(Protocol):
    """Tells what uses prices: answered by the rooms that use them."""

    def __call__(self, *, series: PriceSeries, span: Period) -> Iterable[PriceDependent]:
        """Name whatever uses a price of a series on some day of a span."""
        ...


@dataclass(frozen=True, slots=True)
class PointOrigin:
    """Where versions come from, and when they were learned."""

    source: str
    recorded_at: datetime


class FeeSchedules(Protocol):
    """The fee schedules."""

    def add(self, schedule: FeeSchedule) -> bool:
        """Add a schedule; False when one of that name is there already."""
        ...

    def find(self, name: FeeScheduleName) -> FeeSchedule | None:
        """Read one."""
        ...

    def list_schedules(
        self,
        page: PageRequest,
        *,
        service: Service | None = None,
        customer_class: CustomerClass | None = None,
    ) -> Page[FeeSchedule]:
        """Read a page by name, of a service or a class if asked."""
        ...


class FeeScheduleRevisions(Protocol):
    """The revisions of all schedules, drafts included."""

    def add(self, revision: FeeScheduleRevision) -> bool:
        """Add a draft; False when a revision of that name is there already."""
        ...

    def approve(self, name: RevisionName, approval: RevisionApproval) -> bool:
        """Write down an approval; False when there is one already."""
        ...

    def find(self, name: RevisionName) -> FeeScheduleRevision | None:
        """Read one."""
        ...

    def list_revisions(
        self, schedule: FeeScheduleName, page: PageRequest
    ) -> Page[FeeScheduleRevision]:
        """Read a page of a schedule's revisions, by name."""
        ...

    def approved(
        self,
        *,
        service: Service,
        customer_class: CustomerClass,
        customers: Sequence[CustomerName],
    ) -> tuple[FeeScheduleRevision, ...]:
        """Read the approved revisions for all of a class, and the overrides for some customers."""
        ...


class CustomerClasses(Protocol):
    """Tells the class of customers: answered by billing."""

    def class_on(self, customer: CustomerName, day: date) -> CustomerClass:
        """Tell the class of a customer on a day.

        Raises:
            NotFound: there is no such customer within the caller's scope.
        """
        ...
