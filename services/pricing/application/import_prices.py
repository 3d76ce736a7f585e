"""ImportPrices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import PriceSeriesName
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import PointOrigin, PricePoints, PriceSeriesCatalogue
from services.pricing.domain.market_rules import MarketRules
from services.pricing.domain.price_import import ImportOutcome, ImportRules, examine_rows
from services.pricing.domain.price_point import DayFigures
from services.pricing.domain.reported_row import ReportedRow
from services.pricing.domain.trading_calendar import TradingCalendar


@dataclass(frozen=True, slots=True)
class ImportedPrices:
    """What became of a batch, and when its new versions were learned."""

    outcome: ImportOutcome
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPrices:
    """Examines a batch of days, and records those that pass, all in one transaction."""

    unit_of_work: UnitOfWork
    series: PriceSeriesCatalogue
    points: PricePoints
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
            rules = ImportRules(
                kind=found.instrument.kind, market=self.market, calendar=self.calendar
            )
            recorded = self._recorded(series, rows)
            outcome = examine_rows(rows=rows, recorded=recorded, rules=rules)
            origin = PointOrigin(source, self.clock.now())
            self.points.add_versions(series, outcome.new, origin=origin)
        return ImportedPrices(outcome, origin.recorded_at)

    def _recorded(
        self, series: PriceSeriesName, rows: Sequence[ReportedRow]
    ) -> Mapping[date, DayFigures]:
        days = [row.date for row in rows if row.date is not None]
        return self.points.latest_around(series, min(days), max(days)) if days else {}
