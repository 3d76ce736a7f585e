"""What pricing answers about the market of an instrument on a day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.bootstrap.pricing import trading_calendar
from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import Instrument
from services.kernel.page import PageRequest
from services.pricing.domain.price_point import DayFigures
from services.pricing.domain.price_series import PriceSeries, QuotedInstrument
from services.pricing.domain.trading_calendar import TradingCalendar
from services.pricing.persistence.price_points import PostgresPricePoints
from services.pricing.persistence.price_series import PostgresPriceSeries
from services.settlement.domain.trade_checks import MarketDay

SERIES_PAGE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PricingMarketDays:
    """Answers what pricing knows of an instrument's day.

    Of its own series, else of the composite of its kind. The previous close is that of the trading
    day before; an older one limits nothing.
    """

    series: PostgresPriceSeries
    points: PostgresPricePoints
    calendar: TradingCalendar

    def __call__(
        self, wanted: Collection[tuple[Instrument, date]]
    ) -> Mapping[tuple[Instrument, date], MarketDay]:
        """Look up each instrument's day."""
        days: dict[Instrument, list[date]] = {}
        for instrument, day in wanted:
            days.setdefault(instrument, []).append(day)
        offered = self._series()
        return {
            (instrument, day): self._day(day, figures)
            for instrument, asked in days.items()
            for figures in [self._figures(offered, instrument, asked)]
            for day in asked
        }

    def _figures(
        self, offered: Collection[PriceSeries], instrument: Instrument, days: list[date]
    ) -> Mapping[date, DayFigures]:
        series = series_of(instrument, offered)
        return {} if series is None else self.points.latest_around(series, min(days), max(days))

    def _day(self, day: date, figures: Mapping[date, DayFigures]) -> MarketDay:
        previous = figures.get(self._trading_day_before(day))
        today = figures.get(day)
        return MarketDay(
            is_trading_day=self.calendar.is_trading_day(day),
            previous_close=None if previous is None else previous.close,
            close=None if today is None else today.close,
        )

    def _trading_day_before(self, day: date) -> date:
        before = day - timedelta(days=1)
        while not self.calendar.is_trading_day(before):
            before -= timedelta(days=1)
        return before

    def _series(self) -> list[PriceSeries]:
        found: list[PriceSeries] = []
        page = self.series.list_series(PageRequest(SERIES_PAGE))
        found += page.items
        while page.next_after is not None:
            page = self.series.list_series(PageRequest(SERIES_PAGE, page.next_after))
            found += page.items
        return found


def series_of(instrument: Instrument, offered: Collection[PriceSeries]) -> PriceSeriesName | None:
    """Choose the series of an instrument: its own, else its project's, else that of its kind."""
    for quoted in (
        QuotedInstrument(instrument.kind, instrument.vintage, instrument.project),
        QuotedInstrument(instrument.kind, None, instrument.project),
        QuotedInstrument(instrument.kind, instrument.vintage),
        QuotedInstrument(instrument.kind),
    ):
        fitting = sorted(each.name for each in offered if each.instrument == quoted)
        if fitting:
            return fitting[0]
    return None


def market_days() -> PricingMarketDays:
    """What pricing knows of the market, of any day."""
    return PricingMarketDays(
        series=PostgresPriceSeries(), points=PostgresPricePoints(), calendar=trading_calendar()
    )
