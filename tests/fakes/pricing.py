"""Fakes of what pricing asks for, in memory; they rhyme with ``pricing.application.ports``."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from services.kernel.authority import EVERY_CUSTOMER, Principal
from services.kernel.errors import NotFound
from services.kernel.identifiers import (
    CustomerName,
    FeeScheduleName,
    PriceSeriesName,
    RevisionName,
)
from services.kernel.page import Page, PageRequest
from services.kernel.period import Period
from services.kernel.service import CustomerClass, Service
from services.pricing.application.ports import PointOrigin
from services.pricing.domain.fee_schedule import FeeSchedule
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision, RevisionApproval
from services.pricing.domain.price_dependent import PriceDependent
from services.pricing.domain.price_point import DayFigures, PricePoint
from services.pricing.domain.price_series import PriceSeries

Item = TypeVar("Item", PriceSeries, FeeSchedule, FeeScheduleRevision)


@contextmanager
def at_once() -> Iterator[None]:
    """A unit of work where nothing can go wrong."""
    yield


@dataclass(slots=True)
class SetClock:
    """A clock that stands still until it is moved."""

    moment: datetime = datetime(2025, 7, 7, 8, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def pass_by(self, span: timedelta) -> datetime:
        self.moment += span
        return self.moment


@dataclass(slots=True)
class Caller:
    """Whoever is calling."""

    subject: str = "analyst"

    def __call__(self) -> Principal:
        return Principal(self.subject, frozenset(), frozenset({EVERY_CUSTOMER}))


@dataclass(slots=True)
class MemoryPriceSeries:
    """Rhymes with PriceSeriesCatalogue."""

    kept: dict[PriceSeriesName, PriceSeries] = field(default_factory=dict)
    locked: list[PriceSeriesName] = field(default_factory=list)

    def add(self, series: PriceSeries) -> bool:
        return self.kept.setdefault(series.name, series) is series

    def find(self, name: PriceSeriesName) -> PriceSeries | None:
        return self.kept.get(name)

    def lock(self, name: PriceSeriesName) -> None:
        self.locked.append(name)

    def list_series(self, page: PageRequest) -> Page[PriceSeries]:
        return _page([self.kept[name] for name in sorted(self.kept)], page)


@dataclass(slots=True)
class MemoryPricePoints:
    """Rhymes with PricePoints."""

    kept: list[PricePoint] = field(default_factory=list)

    def add_versions(
        self, series: PriceSeriesName, days: Sequence[DayFigures], *, origin: PointOrigin
    ) -> None:
        for figures in days:
            older = [p for p in self.kept if (p.series, p.figures.date) == (series, figures.date)]
            point = PricePoint(
                series=series,
                figures=figures,
                source=origin.source,
                version=len(older) + 1,
                recorded_at=origin.recorded_at,
            )
            self.kept.append(point)

    def latest_around(
        self, series: PriceSeriesName, first: date, last: date
    ) -> Mapping[date, DayFigures]:
        newest = {p.figures.date: p.figures for p in self.kept if p.series == series}
        start = max((day for day in newest if day < first), default=first)
        return {day: figures for day, figures in newest.items() if start <= day <= last}

    def newest_day(self, series: PriceSeriesName) -> date | None:
        return max((p.figures.date for p in self.kept if p.series == series), default=None)

    def known(
        self, series: PriceSeriesName, period: Period, *, known_at: datetime
    ) -> tuple[PricePoint, ...]:
        seen = [p for p in self.kept if p.series == series and p.recorded_at <= known_at]
        newest = {p.figures.date: p for p in seen if p.figures.date in period}
        return tuple(newest[day] for day in sorted(newest))

    def list_points(
        self,
        series: PriceSeriesName,
        period: Period | None,
        page: PageRequest,
        *,
        known_at: datetime,
    ) -> Page[PricePoint]:
        span = period or Period(date.min, date.max)
        points = list(self.known(series, span, known_at=known_at))
        if page.after is not None:
            day = date.fromisoformat(page.after[0])
            points = [point for point in points if point.figures.date > day]
        shown = tuple(points[: page.size])
        more = len(points) > page.size
        return Page(shown, (shown[-1].figures.date.isoformat(),) if more else None)


@dataclass(slots=True)
class KnownDependents:
    """Rhymes with PriceDependents."""

    users: list[PriceDependent] = field(default_factory=list)
    asked: list[PriceSeries] = field(default_factory=list)

    def __call__(self, *, series: PriceSeries, span: Period) -> Iterator[PriceDependent]:
        self.asked.append(series)
        return (user for user in self.users if user.days.intersect(span))


@dataclass(slots=True)
class MemoryFeeSchedules:
    """Rhymes with FeeSchedules."""

    kept: dict[FeeScheduleName, FeeSchedule] = field(default_factory=dict)

    def add(self, schedule: FeeSchedule) -> bool:
        return self.kept.setdefault(schedule.name, schedule) is schedule

    def find(self, name: FeeScheduleName) -> FeeSchedule | None:
        return self.kept.get(name)

    def list_schedules(
        self,
        page: PageRequest,
        *,
        service: Service | None = None,
        customer_class: CustomerClass | None = None,
    ) -> Page[FeeSchedule]:
        asked = [
            self.kept[name]
            for name in sorted(self.kept)
            if service in {None, self.kept[name].service}
            and customer_class in {None, self.kept[name].customer_class}
        ]
        return _page(asked, page)


@dataclass(slots=True)
class MemoryRevisions:
    """Rhymes with FeeScheduleRevisions."""

    schedules: MemoryFeeSchedules
    kept: dict[RevisionName, FeeScheduleRevision] = field(default_factory=dict)

    def add(self, revision: FeeScheduleRevision) -> bool:
        return self.kept.setdefault(revision.name, revision) is revision

    def approve(self, name: RevisionName, approval: RevisionApproval) -> bool:
        if self.kept[name].approval is not None:
            return False
        self.kept[name] = replace(self.kept[name], approval=approval)
        return True

    def find(self, name: RevisionName) -> FeeScheduleRevision | None:
        return self.kept.get(name)

    def list_revisions(
        self, schedule: FeeScheduleName, page: PageRequest
    ) -> Page[FeeScheduleRevision]:
        revisions = [self.kept[name] for name in sorted(self.kept)]
        return _page([r for r in revisions if r.schedule == schedule], page)

    def approved(
        self,
        *,
        service: Service,
        customer_class: CustomerClass,
        customers: Sequence[CustomerName],
    ) -> tuple[FeeScheduleRevision, ...]:
        schedules = {
            name
            for name, schedule in self.schedules.kept.items()
            if (schedule.service, schedule.customer_class) == (service, customer_class)
        }
        return tuple(
            revision
            for revision in self.kept.values()
            if revision.approval is not None
            and revision.schedule in schedules
            and (revision.tariff.customer is None or revision.tariff.customer in customers)
        )


@dataclass(slots=True)
class KnownClasses:
    """Rhymes with CustomerClasses."""

    classes: dict[CustomerName, dict[date, CustomerClass]] = field(default_factory=dict)

    def class_on(self, customer: CustomerName, day: date) -> CustomerClass:
        if customer not in self.classes:
            raise NotFound(customer)
        history = self.classes[customer]
        return history[max(start for start in history if start <= day)]


def _page(items: Sequence[Item], page: PageRequest) -> Page[Item]:
    after = page.after[-1] if page.after else ""
    rest = [item for item in items if item.name > after]
    shown = tuple(rest[: page.size])
    return Page(shown, (shown[-1].name,) if len(rest) > page.size else None)
