"""What pricing answers about the market of an instrument on a day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.bootstrap.exchange import market_rules, trading_calendar
from services.kernel.instrument import Instrument
from services.kernel.page import PageRequest
from services.pricing.domain.average_price import PriceMissing
from services.pricing.domain.market_rules import MarketRules
from services.pricing.domain.price_point import DayFigures
from services.pricing.domain.price_series import PriceSeries, series_quoting
from services.pricing.domain.trading_calendar import TradingCalendar
from services.pricing.domain.transfer_price import (
    MarketOfTransfers,
    NotATradingDay,
    PriceNotFinal,
    TransferTerms,
    transfer_price,
)
from services.pricing.persistence.price_points import PostgresPricePoints
from services.pricing.persistence.price_series import PostgresPriceSeries
from services.settlement.domain.remark import Remark
from services.settlement.domain.trade_checks import MarketDay

SERIES_PAGE = 1_000
# A recorded trade has no place to say that its price was that of other days, so none is taken.
RECORDED_AT = TransferTerms(fallback_days=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricingMarketDays:
    """Answers what pricing knows of an instrument's day.

    Of its own series, else of the composite of its kind. The previous close is that of the trading
    day before; an older one limits nothing.
    """

    series: PostgresPriceSeries
    points: PostgresPricePoints
    calendar: TradingCalendar
    rules: MarketRules

    def __call__(
        self, wanted: Collection[tuple[Instrument, date]]
    ) -> Mapping[tuple[Instrument, date], MarketDay]:
        """Look up each instrument's day."""
        days: dict[Instrument, list[date]] = {}
        for instrument, day in wanted:
            days.setdefault(instrument, []).append(day)
        offered = all_series(self.series)
        return {
            (instrument, day): self._day(day, market)
            for instrument, asked in days.items()
            for market in [self._market(offered, instrument, asked)]
            for day in asked
        }

    def _market(
        self, offered: Collection[PriceSeries], instrument: Instrument, days: list[date]
    ) -> MarketOfTransfers | None:
        series = series_quoting(instrument, offered)
        if series is None:
            return None
        return MarketOfTransfers(
            series=series.name,
            kind=instrument.kind,
            figures=self.points.latest_around(series.name, min(days), max(days)),
            rules=self.rules,
            calendar=self.calendar,
        )

    def _day(self, day: date, market: MarketOfTransfers | None) -> MarketDay:
        is_trading_day = self.calendar.is_trading_day(day)
        if market is None:
            return MarketDay(is_trading_day=is_trading_day)
        previous = self._previous(day, market.figures)
        close = None if previous is None else previous.close
        try:
            found = transfer_price(day=day, market=market, terms=RECORDED_AT)
        except NotATradingDay:
            return MarketDay(is_trading_day=is_trading_day, previous_close=close)
        except (PriceMissing, PriceNotFinal) as refused:
            remark = Remark("unit_price", refused.reason, refused.message)
            return MarketDay(
                is_trading_day=is_trading_day, previous_close=close, transfer_remark=remark
            )
        return MarketDay(
            is_trading_day=is_trading_day, previous_close=close, transfer_price=found.price
        )

    def _previous(self, day: date, figures: Mapping[date, DayFigures]) -> DayFigures | None:
        before = day - timedelta(days=1)
        while not self.calendar.is_trading_day(before):
            before -= timedelta(days=1)
        return figures.get(before)


def all_series(series: PostgresPriceSeries) -> tuple[PriceSeries, ...]:
    """Read every price series, by name."""
    page = series.list_series(PageRequest(SERIES_PAGE))
    found = list(page.items)
    while page.next_after is not None:
        page = series.list_series(PageRequest(SERIES_PAGE, page.next_after))
        found += page.items
    return tuple(found)


def market_days() -> PricingMarketDays:
    """What pricing knows of the market, of any day."""
    return PricingMarketDays(
        series=PostgresPriceSeries(),
        points=PostgresPricePoints(),
        calendar=trading_calendar(),
        rules=market_rules(),
    )
