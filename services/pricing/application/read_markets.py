"""Find out what the market of each kind is, as known at a moment: asked by ValueContracts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.kernel.errors import NotFound
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import InstrumentKind
from services.kernel.period import Period
from services.pricing.application.every_series import every_series
from services.pricing.application.ports import PricePoints, PriceSeriesCatalogue
from services.pricing.domain.portfolio.asked import AskedMarket
from services.pricing.domain.portfolio.market import Market
from services.pricing.domain.price_point import DayFigures
from services.pricing.domain.price_series import QuotedInstrument, series_in_order
from services.pricing.domain.trading_calendar import TradingCalendar
from services.pricing.domain.volatility import TooFewPrices, estimate_volatility

LOOKED_BACK = timedelta(days=730)
"""What a volatility is estimated over."""

OLDEST_SPOT = timedelta(days=15)
"""A close from further back is no price of the day: the longest holiday is shorter."""

_HISTORY = timedelta(days=20 * 365)


@dataclass(frozen=True, slots=True)
class MarketRead:
    """A market with the history of its series, and what to know of it; None: what is missing.

    ``of_the_day``: nothing in it rests on older prices than those of the last trading day.
    """

    market: Market | None
    history: tuple[DayFigures, ...] = ()
    missing: Finding | None = None
    remarks: tuple[Finding, ...] = ()
    of_the_day: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMarkets:
    """Completes what is said of a market from its series; call it within a unit of work."""

    series: PriceSeriesCatalogue
    points: PricePoints
    calendar: TradingCalendar

    def __call__(
        self, *, asked: AskedMarket, as_of: date, known_at: datetime, caller: str
    ) -> MarketRead:
        """Read what is left out. What no series can tell is a finding, never a default.

        Of several series the first is taken that has a close of the day; where none has, the first
        that has one within 15 days, which is remarked.

        Raises:
            NotFound: there is no such series.
        """
        names = self._series(asked)
        if not names and asked.needs_series:
            text = f"no series quotes all {asked.kind} together"
            return _missing(asked.kind.value, text)
        several: Sequence[PriceSeriesName | None] = names or [None]
        tried: list[MarketRead] = []
        for name in several:
            read = self._read(asked, name, as_of=as_of, known_at=known_at, caller=caller)
            if read.market is not None and read.of_the_day:
                return read
            tried.append(read)
        return next((read for read in tried if read.market is not None), tried[0])

    def _read(
        self,
        asked: AskedMarket,
        name: PriceSeriesName | None,
        *,
        as_of: date,
        known_at: datetime,
        caller: str,
    ) -> MarketRead:
        history = () if name is None else self._history(name, as_of, known_at)
        last = next((day for day in reversed(history) if not day.stale), None)
        of_the_day = name is None or (last is not None and last.date >= self._last_open(as_of))
        spot, spot_source = asked.spot, f"set by {caller}"
        remarks: tuple[Finding, ...] = ()
        if spot is None and not asked.forward_curve:
            if last is None or as_of - last.date > OLDEST_SPOT:
                return _missing(str(name), f"{name} has no close within 15 days up to {as_of}")
            spot, spot_source = last.close, f"close of {last.date}, {last.quality}, of {name}"
            remarks = () if of_the_day else (_stale(str(name), last.date, as_of),)
        volatility, volatility_source = asked.volatility, f"set by {caller}"
        if volatility is None and name is not None:
            try:
                volatility, volatility_source = _estimated(name, history, as_of)
            except TooFewPrices as few:
                return _missing(name, few.message)
        return MarketRead(
            Market(
                kind=asked.kind,
                volatility=volatility or Decimal(0),
                spot=spot,
                carry_rate=asked.carry_rate,
                forward_curve=asked.forward_curve,
                series=name,
                spot_source=spot_source,
                volatility_source=volatility_source,
            ),
            history,
            remarks=remarks,
            of_the_day=of_the_day,
        )

    def _last_open(self, day: date) -> date:
        """Find the last trading day up to a day."""
        while not self.calendar.is_trading_day(day):
            day -= timedelta(days=1)
        return day

    def _series(self, asked: AskedMarket) -> list[PriceSeriesName]:
        """The series named, else those that can price a kind as a whole, in their order."""
        if asked.series is not None:
            if self.series.find(asked.series) is None:
                raise NotFound(asked.series)
            return [asked.series]
        offered = every_series(self.series)
        return [each.name for each in series_in_order(QuotedInstrument(asked.kind), offered)]

    def _history(
        self, name: PriceSeriesName, as_of: date, known_at: datetime
    ) -> tuple[DayFigures, ...]:
        first = max(as_of - _HISTORY, date(1990, 1, 1))
        span = Period(min(first, as_of), as_of + timedelta(days=1))
        points = self.points.known(name, span, known_at=known_at)
        return tuple(point.figures for point in points)


def market_missing(kind: InstrumentKind, missing: Finding, held: int) -> Finding:
    """Say how many contracts wait for a market that is not known."""
    return Finding(
        Severity.SUBJECT_HELD,
        missing.reason,
        missing.subject,
        f"{missing.message}: {held} contract(s) on {kind} are not valued",
        missing.way_out,
    )


def _missing(subject: str, text: str) -> MarketRead:
    way_out = "import prices, or say spot and volatility in the scenario"
    return MarketRead(
        None,
        missing=Finding(Severity.SUBJECT_HELD, "PRICE_MISSING", subject, text, way_out),
    )


def _stale(name: str, day: date, as_of: date) -> Finding:
    return Finding(
        Severity.WARNING,
        "PRICE_STALE",
        name,
        f"the newest close known for {as_of} is that of {day} in {name}; it is valued with that",
        "import the prices of the day, and value again",
    )


def _estimated(
    name: PriceSeriesName, history: Sequence[DayFigures], as_of: date
) -> tuple[Decimal, str]:
    recent = [day for day in history if day.date > as_of - LOOKED_BACK]
    estimate = estimate_volatility(series=name, days=recent)
    return estimate.quoting, (
        f"estimated from {name} over {estimate.first_day} to {estimate.last_day},"
        f" {estimate.observations} moves"
    )
