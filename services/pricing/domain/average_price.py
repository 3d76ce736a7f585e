"""Averages of a series: weighted by volume (VWAP), or the plain mean of daily closes (TWAP)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.kernel.errors import FieldViolation, InvalidInput, Refused
from services.kernel.identifiers import PriceSeriesName
from services.kernel.money import Money, sum_money
from services.kernel.period import Period
from services.pricing.domain.price_point import DayFigures, PriceQuality, lowest
from services.pricing.domain.rounding import to_six_places

MOST_DAYS = 366 * 20


class PriceMissing(Refused):
    """No price is there to answer with. It is never zero, and never that of another day."""

    reason = "PRICE_MISSING"


class SpanTooLong(InvalidInput):
    """One answer covers at most twenty years."""


class AverageKind(StrEnum):
    """Amounts divided by volumes, or the plain mean of daily closes."""

    VWAP = "VWAP"
    TWAP = "TWAP"


@dataclass(frozen=True, slots=True, kw_only=True)
class AveragePrice:
    """An average as a quotient, ``total / weight``, and what it rests on.

    VWAP: CNY paid by tonnes. TWAP: the sum of closes by the number of days.
    """

    total: Decimal
    weight: Decimal
    volume_tonnes: int
    amount: Money
    day_count: int
    missing_dates: tuple[date, ...]
    lowest_quality: PriceQuality

    @property
    def shown(self) -> Decimal:
        """The average in CNY per tonne, six decimals, rounded half away from zero."""
        return to_six_places(self.total / self.weight)


@dataclass(frozen=True, slots=True)
class _Traded:
    """A day with what was paid for its tonnes, as far as both are known.

    ``complete``: no tonnes of the day lack their amount.
    """

    figures: DayFigures
    tonnes: int
    paid: tuple[Money, ...]
    complete: bool

    @property
    def known(self) -> bool:
        return self.complete and (bool(self.paid) or self.figures.stale)


def average_price(
    *,
    kind: AverageKind,
    series: PriceSeriesName,
    days: Sequence[DayFigures],
    trading_days: Sequence[date],
    listed_only: bool = False,
) -> AveragePrice:
    """Average the days of a span. A day that lacks a figure is left out and named.

    ``VWAP = sum of amounts / sum of volumes``, ``TWAP = sum of closes / number of days``.

    Raises:
        PriceMissing: no day has a figure to enter with, or nothing at all was traded.
    """
    traded = [_traded(figures, listed_only=listed_only) for figures in days]
    entering = traded if kind is AverageKind.TWAP else [day for day in traded if day.known]
    tonnes = sum(day.tonnes for day in entering)
    amount = sum_money(money for day in entering for money in day.paid)
    total, weight = amount.amount, Decimal(tonnes)
    if kind is AverageKind.TWAP:
        total = sum((day.figures.close for day in entering), Decimal(0))
        weight = Decimal(len(entering))
    if weight == 0:
        raise _nothing(kind, series, trading_days)
    present = {day.figures.date for day in entering}
    return AveragePrice(
        total=total,
        weight=weight,
        volume_tonnes=tonnes,
        amount=amount,
        day_count=len(entering),
        missing_dates=tuple(day for day in trading_days if day not in present),
        lowest_quality=lowest([day.figures.quality for day in entering]),
    )


def last_closes(
    days: Sequence[DayFigures], *, count: int, field: str, series: PriceSeriesName
) -> Sequence[DayFigures]:
    """Take the last closes of a window; ``field`` is where their number was asked for.

    Raises:
        PriceMissing: there are fewer, and a mean of those would pass for that of more.
    """
    if len(days) < count:
        raise PriceMissing(
            f"{series} has {len(days)} closes in the window, and {field} asks for the last"
            f" {count}; ask for fewer, for a longer window, or import prices",
            subject=series,
            metadata={"days": str(len(days))},
        )
    return days[-count:]


def check_span(period: Period, *, field: str = "date_range") -> None:
    """Refuse more days than one answer may cover; ``field`` is where they were asked for.

    Raises:
        SpanTooLong: more than twenty years.
    """
    if period.days > MOST_DAYS:
        wrong = f"covers {period.days} days; ask for at most {MOST_DAYS} (twenty years)"
        raise SpanTooLong(f"{field} {wrong}", violations=(FieldViolation(field, wrong),))


def _traded(figures: DayFigures, *, listed_only: bool) -> _Traded:
    """Take the tonnes of a day whose amount is known too, listed and in blocks."""
    pairs = [(figures.volume_tonnes, figures.amount)]
    if not listed_only:
        pairs.append((figures.block_volume_tonnes, figures.block_amount))
    traded = [(tonnes, paid) for tonnes, paid in pairs if tonnes]
    known = [(tonnes, paid) for tonnes, paid in traded if paid is not None]
    return _Traded(
        figures,
        sum(tonnes for tonnes, _ in known),
        tuple(paid for _, paid in known),
        complete=len(known) == len(traded),
    )


def _nothing(
    kind: AverageKind, series: PriceSeriesName, trading_days: Sequence[date]
) -> PriceMissing:
    lacking = "volume and amount" if kind is AverageKind.VWAP else "close"
    where = "in that span, which has no trading day"
    if trading_days:
        where = f"on the trading days from {trading_days[0]} to {trading_days[-1]}"
    return PriceMissing(
        f"{series} has no {lacking} {where}; import prices, or ask for other days",
        subject=series,
    )
