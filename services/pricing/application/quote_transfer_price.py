"""QuoteTransferPrice."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.kernel.clock import Clock
from services.kernel.instrument import Instrument
from services.kernel.period import Period
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.every_series import every_series
from services.pricing.application.ports import PricePoints, PriceSeriesCatalogue
from services.pricing.domain.average_price import PriceMissing
from services.pricing.domain.market_rules import MarketRules
from services.pricing.domain.price_series import QuotedInstrument, series_in_order
from services.pricing.domain.trading_calendar import TradingCalendar
from services.pricing.domain.transfer_price import (
    OLDEST,
    MarketOfTransfers,
    TransferPrice,
    TransferTerms,
    transfer_price,
)


@dataclass(frozen=True, slots=True)
class KnownTransferPrice:
    """A transfer price, and the moment that it is about."""

    transfer: TransferPrice
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
        """Find it in the first series that answers, of all that can price the instrument.

        Raises:
            PriceMissing: no series quotes the instrument, or no rung of the ladder has an answer.
            PriceNotFinal: the answer may still change, and none such is taken.
            NotATradingDay: the exchange is closed that day.
        """
        moment = known_at or self.clock.now()
        market = self._market(instrument, day, moment)
        return KnownTransferPrice(transfer_price(day=day, market=market, terms=terms), moment)

    def _market(self, instrument: Instrument, day: date, known_at: datetime) -> MarketOfTransfers:
        """Read the days around one of every series that can price the instrument."""
        span = Period(day - OLDEST, day + timedelta(days=1))
        with self.unit_of_work():
            offered = every_series(self.series)
            figures = {
                series.name: {
                    point.figures.date: point.figures
                    for point in self.points.known(series.name, span, known_at=known_at)
                }
                for series in series_in_order(QuotedInstrument.of(instrument), offered)
            }
        if not figures:
            raise _unquoted(instrument)
        return MarketOfTransfers(
            kind=instrument.kind, series=figures, rules=self.market, calendar=self.calendar
        )


def _unquoted(instrument: Instrument) -> PriceMissing:
    return PriceMissing(
        f"no price series quotes {instrument.code}, nor its kind; create one and import prices",
        subject=instrument.code,
    )
