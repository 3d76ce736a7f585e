"""CompareManagementModes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import PriceSeriesName
from services.kernel.period import Month, Period
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import PricePoints, PriceSeriesCatalogue
from services.pricing.domain.average_price import (
    AverageKind,
    AveragePrice,
    PriceMissing,
    average_price,
    check_span,
    last_closes,
)
from services.pricing.domain.management_modes import ModesCompared, SeasonPrices, compare_modes
from services.pricing.domain.management_plan import LateRule, ManagementPlan, check_plan
from services.pricing.domain.price_point import DayFigures
from services.pricing.domain.trading_calendar import TradingCalendar


@dataclass(frozen=True, slots=True)
class KnownComparison:
    """A comparison, the average of the season it rests on, and the moment that it is about."""

    compared: ModesCompared
    season: AveragePrice
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareManagementModes:
    """Compares unified with decentralised management of a season, on the prices of a series."""

    unit_of_work: UnitOfWork
    series: PriceSeriesCatalogue
    points: PricePoints
    calendar: TradingCalendar
    clock: Clock

    def __call__(
        self,
        *,
        series: PriceSeriesName,
        window: Period,
        plan: ManagementPlan,
        known_at: datetime | None = None,
    ) -> KnownComparison:
        """Compare them; ``known_at`` unset asks for the prices known as the call comes in.

        Raises:
            NotFound: there is no such series, or no such series of credits.
            PriceMissing: the season, its last month, or the series of credits have no prices.
            InvalidPlan, FieldsExcludeEachOther, SpanTooLong.
        """
        check_span(window, field="window")
        check_plan(plan)
        moment = known_at or self.clock.now()
        with self.unit_of_work():
            days = self._days(series, window, moment)
            season = self._mean(series, days, window)
            prices = self._prices(series, days, window, plan, season, moment)
        return KnownComparison(compare_modes(plan, prices=prices), season, moment)

    def _prices(
        self,
        series: PriceSeriesName,
        days: Sequence[DayFigures],
        window: Period,
        plan: ManagementPlan,
        season: AveragePrice,
        moment: datetime,
    ) -> SeasonPrices:
        last_month = self._last_month(series, window, moment)
        late = last_month
        if plan.late_rule is LateRule.LAST_DAYS:
            last = last_closes(days, count=plan.late_days, field="late_days", series=series)
            late = _exact(self._mean(series, last, window))
        return SeasonPrices(
            even=_exact(season),
            late=late,
            last_month=last_month,
            ccer=self._ccer(plan, window, moment),
        )

    def _last_month(self, series: PriceSeriesName, window: Period, known_at: datetime) -> Decimal:
        """Average the month that the deadline falls in, also where the season began within it."""
        deadline = window.end - timedelta(days=1)
        until = Period(Month.of(deadline).period.start, window.end)
        days = self._days(series, until, known_at)
        if not days:
            raise PriceMissing(
                f"{series} has no close in {Month.of(deadline)} up to the deadline {deadline};"
                " import prices, or let the season end on another day",
                subject=series,
            )
        return _exact(self._mean(series, days, until))

    def _ccer(self, plan: ManagementPlan, window: Period, moment: datetime) -> Decimal | None:
        name = plan.assumptions.ccer_series
        if name is None:
            return plan.assumptions.ccer_price
        return _exact(self._mean(name, self._days(name, window, moment), window))

    def _days(self, series: PriceSeriesName, window: Period, moment: datetime) -> list[DayFigures]:
        if self.series.find(series) is None:
            raise NotFound(series)
        return [p.figures for p in self.points.known(series, window, known_at=moment)]

    def _mean(
        self, series: PriceSeriesName, days: Sequence[DayFigures], window: Period
    ) -> AveragePrice:
        return average_price(
            kind=AverageKind.TWAP,
            series=series,
            days=days,
            trading_days=self.calendar.trading_days(window),
        )


def _exact(average: AveragePrice) -> Decimal:
    return average.total / average.weight
