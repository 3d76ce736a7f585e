"""What pricing answers about the market of an instrument on a day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.bootstrap.exchange import market_rules, trading_calendar
from services.kernel.instrument import Instrument
from services.pricing.application.every_series import every_series
from services.pricing.domain.average_price import PriceMissing
from services.pricing.domain.market_rules import MarketRules
from services.pricing.domain.price_series import (
    PriceSeries,
    QuotedInstrument,
    series_in_order,
)
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
from services.settlement.domain.sourced_price import SourcedPrice
from services.settlement.domain.trade_checks import MarketDay

# A recorded trade has no place to say that its price was that of other days, so none is taken.
RECORDED_AT = TransferTerms(fallback_days=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricingMarketDays:
    """Answers what pricing knows of an instrument's day.

    Of the first series that answers, of all that can price the instrument. The previous close is
    that of the trading day before; an older one limits nothing.
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
        offered = every_series(self.series)
        return {
            (instrument, day): self._day(day, market)
            for instrument, asked in days.items()
            for market in [self._market(offered, instrument, asked)]
            for day in asked
        }

    def _market(
        self, offered: Collection[PriceSeries], instrument: Instrument, days: list[date]
    ) -> MarketOfTransfers | None:
        fitting = series_in_order(QuotedInstrument.of(instrument), offered)
        if not fitting:
            return None
        return MarketOfTransfers(
            kind=instrument.kind,
            series={
                each.name: self.points.latest_around(each.name, min(days), max(days))
                for each in fitting
            },
            rules=self.rules,
            calendar=self.calendar,
        )

    def _day(self, day: date, market: MarketOfTransfers | None) -> MarketDay:
        is_trading_day = self.calendar.is_trading_day(day)
        if market is None:
            return MarketDay(is_trading_day=is_trading_day)
        previous = self._previous(day, market)
        try:
            found = transfer_price(day=day, market=market, terms=RECORDED_AT)
        except NotATradingDay:
            return MarketDay(is_trading_day=is_trading_day, previous=previous)
        except (PriceMissing, PriceNotFinal) as refused:
            remark = Remark("unit_price", refused.reason, refused.message)
            return MarketDay(
                is_trading_day=is_trading_day, previous=previous, transfer_remark=remark
            )
        price = SourcedPrice(found.price, f"the {found.rung} of {day} in {found.series}")
        return MarketDay(is_trading_day=is_trading_day, previous=previous, transfer=price)

    def _previous(self, day: date, market: MarketOfTransfers) -> SourcedPrice | None:
        before = day - timedelta(days=1)
        while not self.calendar.is_trading_day(before):
            before -= timedelta(days=1)
        for series, figures in market.series.items():
            if before in figures:
                return SourcedPrice(figures[before].close, f"the close of {before} in {series}")
        return None


def market_days() -> PricingMarketDays:
    """What pricing knows of the market, of any day."""
    return PricingMarketDays(
        series=PostgresPriceSeries(),
        points=PostgresPricePoints(),
        calendar=trading_calendar(),
        rules=market_rules(),
    )
