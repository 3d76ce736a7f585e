"""ImportPrices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.kernel.clock import Clock, shanghai_day
from services.kernel.errors import NotFound
from services.kernel.identifiers import PriceSeriesName
from services.kernel.period import Period
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import (
    PointOrigin,
    PriceDependents,
    PricePoints,
    PriceSeriesCatalogue,
)
from services.pricing.domain.market_rules import MarketRules
from services.pricing.domain.price_dependent import PriceDependent, in_order
from services.pricing.domain.price_import import ImportOutcome, ImportRules, examine_rows
from services.pricing.domain.price_point import DayFigures
from services.pricing.domain.price_series import PriceSeries
from services.pricing.domain.reported_row import ReportedRow
from services.pricing.domain.superseded_day import SupersededDay, superseded_days
from services.pricing.domain.trading_calendar import TradingCalendar


@dataclass(frozen=True, slots=True)
class ImportedPrices:
    """What became of a batch, when its new versions were learned, and what they put in question."""

    outcome: ImportOutcome
    recorded_at: datetime
    superseded: tuple[SupersededDay, ...]
    dependents: tuple[PriceDependent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPrices:
    """Examines a batch of days, and records those that pass, all in one transaction."""

    unit_of_work: UnitOfWork
    series: PriceSeriesCatalogue
    points: PricePoints
    dependents: PriceDependents
    calendar: TradingCalendar
    market: MarketRules
    clock: Clock

    def __call__(
        self, *, series: PriceSeriesName, rows: Sequence[ReportedRow], source: str
    ) -> ImportedPrices:
        """Import them.

        Imports into one series wait for one another, so that versions follow one another in the
        order of the moments they were learned at.

        Raises:
            NotFound: there is no such series.
        """
        with self.unit_of_work():
            found = self.series.find(series)
            if found is None:
                raise NotFound(series)
            self.series.lock(series)
            now = self.clock.now()
            rules = ImportRules(
                kind=found.instrument.kind,
                market=self.market,
                calendar=self.calendar,
                today=shanghai_day(now),
            )
            recorded = self._recorded(series, rows)
            newest = self.points.newest_day(series)
            outcome = examine_rows(rows=rows, recorded=recorded, rules=rules)
            origin = PointOrigin(source, now)
            self.points.add_versions(series, outcome.new, origin=origin)
            superseded = superseded_days(new=outcome.new, old=recorded, newest=newest)
            dependents = self._dependents(found, superseded)
        return ImportedPrices(outcome, origin.recorded_at, superseded, dependents)

    def _dependents(
        self, series: PriceSeries, superseded: Sequence[SupersededDay]
    ) -> tuple[PriceDependent, ...]:
        """Ask who used the superseded days; nobody is asked where there are none."""
        days = [day.date for day in superseded]
        if not days:
            return ()
        span = Period(days[0], days[-1] + timedelta(days=1))
        users = self.dependents(series=series, span=span)
        return in_order(user for user in users if user.uses_any(days))

    def _recorded(
        self, series: PriceSeriesName, rows: Sequence[ReportedRow]
    ) -> Mapping[date, DayFigures]:
        days = [row.date for row in rows if row.date is not None]
        return self.points.latest_around(series, min(days), max(days)) if days else {}
