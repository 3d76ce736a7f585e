"""Price points in PostgreSQL: append-only versions, the newest known at a moment is the answer."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.kernel.identifiers import PriceSeriesName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Period
from services.pricing.application.ports import PointOrigin
from services.pricing.domain.price_point import DayFigures, PricePoint
from services.pricing.persistence.mapping import from_figures_row, from_point_row, to_point_row
from services.pricing.persistence.tables import PRICE_POINTS
from services.runtime.database import bulk_insert
from services.runtime.unit_of_work import current_connection

_COLUMNS = PRICE_POINTS.c


class PostgresPricePoints:
    """Writes and reads points on the current connection."""

    def add_versions(
        self, series: PriceSeriesName, days: Sequence[DayFigures], *, origin: PointOrigin
    ) -> None:
        """Add a new version of each day. The series is locked, so versions do not collide."""
        versions = _versions(series, [figures.date for figures in days])
        rows = [
            to_point_row(series, figures, versions.get(figures.date, 0) + 1, origin)
            for figures in days
        ]
        bulk_insert(PRICE_POINTS, rows)

    def latest_around(
        self, series: PriceSeriesName, first: date, last: date
    ) -> Mapping[date, DayFigures]:
        """Read the newest versions from the nearest day before ``first`` through ``last``."""
        before = select(func.max(_COLUMNS.date)).where(
            _COLUMNS.series == series, _COLUMNS.date < first
        )
        start = func.coalesce(before.scalar_subquery(), first)
        query = _newest(series).where(_COLUMNS.date >= start, _COLUMNS.date <= last)
        rows = current_connection().execute(query).mappings()
        return {row["date"]: from_figures_row(row) for row in rows}

    def newest_day(self, series: PriceSeriesName) -> date | None:
        """Find the last day of a series that is recorded; None for a series without points."""
        query = select(func.max(_COLUMNS.date)).where(_COLUMNS.series == series)
        found: date | None = current_connection().execute(query).scalar_one()
        return found

    def known(
        self, series: PriceSeriesName, period: Period, *, known_at: datetime
    ) -> tuple[PricePoint, ...]:
        """Read all days of a period by day, each as known at a moment."""
        query = _within(_newest(series, known_at=known_at), period)
        return tuple(from_point_row(row) for row in current_connection().execute(query).mappings())

    def list_points(
        self,
        series: PriceSeriesName,
        period: Period | None,
        page: PageRequest,
        *,
        known_at: datetime,
    ) -> Page[PricePoint]:
        """Read a page of days by day, each as known at a moment."""
        query = _within(_newest(series, known_at=known_at), period)
        if page.after is not None:
            query = query.where(_COLUMNS.date > date.fromisoformat(page.after[0]))
        rows = current_connection().execute(query.limit(page.size + 1)).mappings().all()
        shown = tuple(from_point_row(row) for row in rows[: page.size])
        more = len(rows) > page.size
        return Page(shown, (shown[-1].figures.date.isoformat(),) if more else None)


def _newest(
    series: PriceSeriesName, *, known_at: datetime | None = None
) -> Select[tuple[object, ...]]:
    """The newest version of each day, by day; of those that were known at a moment, if given."""
    query = select(PRICE_POINTS).where(_COLUMNS.series == series).ext(distinct_on(_COLUMNS.date))
    if known_at is not None:
        query = query.where(_COLUMNS.recorded_at <= known_at)
    return query.order_by(_COLUMNS.date, _COLUMNS.version.desc())


def _within(query: Select[tuple[object, ...]], period: Period | None) -> Select[tuple[object, ...]]:
    if period is None:
        return query
    return query.where(_COLUMNS.date >= period.start, _COLUMNS.date < period.end)


def _versions(series: PriceSeriesName, days: Sequence[date]) -> Mapping[date, int]:
    if not days:
        return {}
    query = (
        select(_COLUMNS.date, func.max(_COLUMNS.version).label("version"))
        .where(_COLUMNS.series == series, _COLUMNS.date.between(min(days), max(days)))
        .group_by(_COLUMNS.date)
    )
    return {row.date: row.version for row in current_connection().execute(query)}
