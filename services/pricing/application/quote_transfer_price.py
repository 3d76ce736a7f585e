"""QuoteTransferPrice."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.kernel.clock import Clock
from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import Instrument
from services.kernel.page import PageRequest
from services.kernel.period import Period
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import PricePoints, PriceSeriesCatalogue
from services.pricing.domain.average_price import PriceMissing
from services.pricing.domain.market_rules import MarketRules
from services.pricing.domain.price_series import PriceSeries, series_quoting
from services.pricing.domain.trading_calendar import TradingCalendar
from services.pricing.domain.transfer_price import (
    OLDEST,
    MarketOfTransfers,
    TransferPrice,
    TransferTerms,
    transfer_price,
)

_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class KnownTransferPrice:
    """A transfer price, the series it was found in, and the moment that it is about."""

    transfer: TransferPrice
    series: PriceSeriesName
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteTransferPrice:
    """Finds the price at which tonnes of an instrument move inside the group on a day."""

    unit_of_work: UnitOfWork
    series: PriceSeriesCatalogue
    points: PricePoints
    calendar: TradingCalendar
    market: MarketRules
    clock: Clock

    def __call__(
        self,
        *,
        instrument: Instrument,
        day: date,
        terms: TransferTerms,
        known_at: datetime | None = None,
    ) -> KnownTransferPrice:
        """Find it in the instrument's own series, else in the composite of its kind.

        Raises:
            PriceMissing: no series quotes the instrument, or no rung of the ladder has an answer.
            PriceNotFinal: the answer may still change, and none such is taken.
            NotATradingDay: the exchange is closed that day.
        """
        moment = known_at or self.clock.now()
        span = Period(day - OLDEST, day + timedelta(days=1))
        with self.unit_of_work():
            series = series_quoting(instrument, self._offered())
            if series is None:
                raise _unquoted(instrument)
            points = self.points.known(series.name, span, known_at=moment)
        market = MarketOfTransfers(
            series=series.name,
            kind=instrument.kind,
            figures={point.figures.date: point.figures for point in points},
            rules=self.market,
            calendar=self.calendar,
        )
        found = transfer_price(day=day, market=market, terms=terms)
        return KnownTransferPrice(found, series.name, moment)

    def _offered(self) -> list[PriceSeries]:
        page = self.series.list_series(PageRequest(_PAGE))
        offered = list(page.items)
        while page.next_after is not None:
            page = self.series.list_series(PageRequest(_PAGE, page.next_after))
            offered += page.items
        return offered


def _unquoted(instrument: Instrument) -> PriceMissing:
    return PriceMissing(
        f"no price series quotes {instrument.code}, nor its kind; create one and import prices",
        subject=instrument.code,
    )
