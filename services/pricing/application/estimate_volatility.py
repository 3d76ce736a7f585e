"""EstimateVolatility."""

from dataclasses import dataclass
from datetime import datetime

from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import PriceSeriesName
from services.kernel.period import Period
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import PricePoints, PriceSeriesCatalogue
from services.pricing.domain.average_price import check_span
from services.pricing.domain.volatility import Volatility, estimate_volatility


@dataclass(frozen=True, slots=True)
class KnownVolatility:
    """A volatility, and the moment that it is about."""

    volatility: Volatility
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateVolatility:
    """Estimates the volatility of a series over days, as known at a moment."""

    unit_of_work: UnitOfWork
    series: PriceSeriesCatalogue
    points: PricePoints
    clock: Clock

    def __call__(
        self, *, series: PriceSeriesName, period: Period, known_at: datetime | None = None
    ) -> KnownVolatility:
        """Estimate it; ``known_at`` unset asks for what is known as the call comes in.

        Raises:
            NotFound: there is no such series.
            TooFewPrices: fewer than 20 moves between traded days.
            SpanTooLong: more days than one answer may cover.
        """
        check_span(period)
        moment = known_at or self.clock.now()
        with self.unit_of_work():
            if self.series.find(series) is None:
                raise NotFound(series)
            points = self.points.known(series, period, known_at=moment)
        days = [point.figures for point in points]
        return KnownVolatility(estimate_volatility(series=series, days=days), moment)
