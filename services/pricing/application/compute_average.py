"""ComputeAverage."""

from dataclasses import dataclass
from datetime import datetime

from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import PriceSeriesName
from services.kernel.period import Period
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import PricePoints, PriceSeriesCatalogue
from services.pricing.domain.average_price import (
    AverageKind,
    AveragePrice,
    average_price,
    check_span,
)
from services.pricing.domain.trading_calendar import TradingCalendar


@dataclass(frozen=True, slots=True)
class KnownAverage:
    """An average, and the moment that it is about."""

    average: AveragePrice
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeAverage:
    """Averages a series over days, as known at a moment."""

    unit_of_work: UnitOfWork
    series: PriceSeriesCatalogue
    points: PricePoints
    calendar: TradingCalendar
    clock: Clock

    def __call__(
        self,
        *,
        series: PriceSeriesName,
        period: Period,
        kind: AverageKind,
        known_at: datetime | None = None,
        listed_only: bool = False,
    ) -> KnownAverage:
        """Average it; ``known_at`` unset asks for what is known as the call comes in.

        Raises:
            NotFound: there is no such series.
            PriceMissing: no day of the span has a figure.
            SpanTooLong: more days than one answer may cover.
        """
        check_span(period)
        moment = known_at or self.clock.now()
        with self.unit_of_work():
            if self.series.find(series) is None:
                raise NotFound(series)
            points = self.points.known(series, period, known_at=moment)
        average = average_price(
            kind=kind,
            series=series,
            days=[point.figures for point in points],
            trading_days=self.calendar.trading_days(period),
            listed_only=listed_only,
        )
        return KnownAverage(average, moment)
