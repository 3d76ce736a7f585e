"""Find out what the market of each kind is, as known at a moment: asked by ValueContracts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.kernel.errors import NotFound
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import InstrumentKind
from services.kernel.page import PageRequest
from services.kernel.period import Period
from services.pricing.application.ports import PricePoints, PriceSeriesCatalogue
from services.pricing.domain.portfolio.asked import AskedMarket
from services.pricing.domain.portfolio.market import Market
from services.pricing.domain.price_point import DayFigures
from services.pricing.domain.price_series import PriceSeries, QuotedInstrument
from services.pricing.domain.volatility import TooFewPrices, estimate_volatility

LOOKED_BACK = timedelta(days=730)
"""What a volatility is estimated over."""

OLDEST_SPOT = timedelta(days=15)
"""A close from further back is no price of the day: the longest holiday is shorter."""

_HISTORY = timedelta(days=20 * 365)
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class MarketRead:
    """A market with the history of its series; None with what is missing."""

    market: Market | None
    history: tuple[DayFigures, ...] = ()
    missing: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMarkets:
    """Completes what is said of a market from its series; call it within a unit of work."""

    series: PriceSeriesCatalogue
    points: PricePoints

    def __call__(
        self, *, asked: AskedMarket, as_of: date, known_at: datetime, caller: str
    ) -> MarketRead:
        """Read what is left out. What no series can tell is a finding, never a default.

        Raises:
            NotFound: there is no such series.
        """
        names = self._series(asked)
        if not names and asked.needs_series:
            text = f"no series quotes all {asked.kind} together"
            return _missing(asked.kind.value, text)
        several: Sequence[PriceSeriesName | None] = names or [None]
        tried = [
            self._read(asked, name, as_of=as_of, known_at=known_at, caller=caller)
            for name in several
        ]
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
        spot, spot_source = asked.spot, f"set by {caller}"
        if spot is None and not asked.forward_curve:
            last = history[-1] if history else None
            if last is None or as_of - last.date > OLDEST_SPOT:
                return _missing(str(name), f"{name} has no close within 15 days up to {as_of}")
            spot, spot_source = last.close, f"close of {last.date}, {last.quality}, of {name}"
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
        )

    def _series(self, asked: AskedMarket) -> list[PriceSeriesName]:
        """The series named, else the composites of the kind by name: the first that answers."""
        if asked.series is not None:
            if self.series.find(asked.series) is None:
                raise NotFound(asked.series)
            return [asked.series]
        composite = QuotedInstrument(asked.kind)
        return [each.name for each in self._all_series() if each.instrument == composite]

    def _all_series(self) -> Iterator[PriceSeries]:
        page = self.series.list_series(PageRequest(_PAGE))
        yield from page.items
        while page.next_after is not None:
            page = self.series.list_series(PageRequest(_PAGE, page.next_after))
            yield from page.items

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


def _estimated(
    name: PriceSeriesName, history: Sequence[DayFigures], as_of: date
) -> tuple[Decimal, str]:
    recent = [day for day in history if day.date > as_of - LOOKED_BACK]
    estimate = estimate_volatility(series=name, days=recent)
    return estimate.quoting, (
        f"estimated from {name} over {estimate.first_day} to {estimate.last_day},"
        f" {estimate.observations} moves"
    )
