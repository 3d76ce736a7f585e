"""ReplayGuarantee."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import PriceSeriesName
from services.kernel.period import Period
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import PricePoints, PriceSeriesCatalogue
from services.pricing.domain.average_price import average_price, check_span
from services.pricing.domain.promise_rule import (
    Fixing,
    Promise,
    PromiseRule,
    PromiseRuleKind,
    check_rule,
    promise_by_forward,
    promise_by_mean,
    promise_by_pricer,
    promise_by_spot,
    promise_fixed,
    spot_before,
)
from services.pricing.domain.replay import Replayed, ReplayTotals, replay, totals_of
from services.pricing.domain.replay_plan import (
    ReplayTerms,
    ReplayWindow,
    check_terms,
    check_window,
    traded,
)
from services.pricing.domain.trading_calendar import TradingCalendar
from services.pricing.domain.volatility import estimate_volatility

_LOOK_BACK = timedelta(days=2 * 366)
"""The longest mean is of 250 closes, the volatility is that of the year before."""
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class KnownReplay:
    """The windows in the order asked, their sums, and the moment that the prices are about."""

    windows: tuple[Replayed, ...]
    totals: ReplayTotals
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayGuarantee:
    """Replays a guarantee over delivery windows of the past, on the prices of a series."""

    unit_of_work: UnitOfWork
    series: PriceSeriesCatalogue
    points: PricePoints
    calendar: TradingCalendar
    clock: Clock

    def __call__(
        self,
        *,
        series: PriceSeriesName,
        windows: Sequence[ReplayWindow],
        rule: PromiseRule,
        terms: ReplayTerms,
        known_at: datetime | None = None,
    ) -> KnownReplay:
        """Replay them; ``known_at`` unset asks for the prices known as the call comes in.

        Raises:
            NotFound: there is no such series.
            PriceMissing, TooFewPrices: a window, or the days before it, lack prices.
            NoBreakEven: the terms leave no price that breaks even.
            InvalidRule, InvalidWindow, FieldsExcludeEachOther, TiersDoNotTile, SpanTooLong.
        """
        check_rule(rule)
        check_terms(terms)
        for index, window in enumerate(windows):
            check_span(window.period, field=f"windows[{index}].delivery_window")
            check_window(window, path=f"windows[{index}]")
        moment = known_at or self.clock.now()
        with self.unit_of_work():
            if self.series.find(series) is None:
                raise NotFound(series)
            replayed = tuple(
                _Replay(self, series, window, moment).run(rule, terms) for window in windows
            )
        return KnownReplay(replayed, totals_of(replayed), moment)


class _Replay:
    """One window, with the prices in it and before it."""

    def __init__(
        self,
        verb: ReplayGuarantee,
        series: PriceSeriesName,
        window: ReplayWindow,
        known_at: datetime,
    ) -> None:
        self._verb, self._series, self._window = verb, series, window
        period = window.period
        start = period.start - min(_LOOK_BACK, period.start - date.min)
        points = verb.points.known(series, Period(start, period.end), known_at=known_at)
        figures = [point.figures for point in points]
        self._before = [day for day in figures if day.date < period.start]
        self._within = [day for day in figures if day.date >= period.start]

    def run(self, rule: PromiseRule, terms: ReplayTerms) -> Replayed:
        """Find what was traded, what the market did, and what would have been promised."""
        trades = traded(self._window, terms=terms, days=self._within, series=self._series)
        benchmark = average_price(
            kind=terms.benchmark,
            series=self._series,
            days=self._within,
            trading_days=self._verb.calendar.trading_days(self._window.period),
        )
        promise = self._promise(rule, terms, trades.fixings)
        return replay(
            self._window, terms=terms, promise=promise, trades=trades, benchmark=benchmark
        )

    def _promise(self, rule: PromiseRule, terms: ReplayTerms, fixings: Sequence[Fixing]) -> Promise:
        if rule.promised_price is not None:
            return promise_fixed(rule.promised_price)
        spot = spot_before(self._window.period.start, series=self._series, before=self._before)
        carry = rule.carry_rate or Decimal(0)
        if rule.kind is PromiseRuleKind.MEAN_OF_LAST_DAYS:
            return promise_by_mean(spot, series=self._series, before=self._before, count=rule.days)
        if rule.kind is PromiseRuleKind.FORWARD:
            return promise_by_forward(spot, carry_rate=carry, fixings=fixings)
        if rule.kind is PromiseRuleKind.BREAK_EVEN:
            return promise_by_pricer(
                spot,
                carry_rate=carry,
                volatility=rule.volatility or self._volatility(),
                fixings=fixings,
                terms=terms.promise,
            )
        return promise_by_spot(spot)

    def _volatility(self) -> Decimal:
        """Estimate what would have been quoted with: from the year before the window."""
        since = self._window.period.start - _YEAR
        year = [day for day in self._before if day.date >= since]
        return estimate_volatility(series=self._series, days=year).quoting
