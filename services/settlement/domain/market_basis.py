"""What a contract on a market average delivers to date: for customers whose trades are not ours.

The volume counts as delivered evenly over the trading days of the window, at the average price of a
named series over the window to date: never at an average of months. Figures to date are exact:

    Q = floor(volume x trading days elapsed / trading days in the window)
    C = round(A x Q)      A: amounts by tonnes (VWAP), or closes by days (TWAP), to date
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from services.kernel.errors import Refused
from services.kernel.identifiers import PriceSeriesName
from services.kernel.money import round_quotient
from services.kernel.period import Month
from services.settlement.domain.contract import PriceBasis, PromisedPrice
from services.settlement.domain.guarantee import Delivery, MonthOfOrigin, millionths

_MICRO_CNY_PER_FEN: Final = 10**4


class PriceMissing(Refused):
    """A trading day that has passed has no price. It is never zero, and never that of another."""

    reason = "PRICE_MISSING"


class PriceNotFinal(Refused):
    """A price may still change; only FINAL prices settle anything."""

    reason = "PRICE_NOT_FINAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketDay:
    """What a series says of one trading day: CNY per tonne, tonnes, and what they cost in CNY."""

    close: Decimal
    tonnes: int
    amount: Decimal
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketTerms:
    """What of a contract a market basis needs; ``window_days`` are trading days, in order."""

    basis: PriceBasis
    series: PriceSeriesName
    volume_tonnes: int
    promised_prices: tuple[PromisedPrice, ...]
    window_days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class AverageToDate:
    """An average as a quotient: millionths of CNY, by tonnes (VWAP) or by days (TWAP)."""

    total: int = 0
    weight: int = 0

    def plus(self, day: MarketDay, *, basis: PriceBasis) -> "AverageToDate":
        """Take one more day in."""
        if basis is PriceBasis.MARKET_VWAP:
            return AverageToDate(self.total + millionths(day.amount), self.weight + day.tonnes)
        return AverageToDate(self.total + millionths(day.close), self.weight + 1)

    def amount_of(self, tonnes: int) -> int:
        """Price tonnes at the average: ``round(A x Q)``, in fen. The weight is not 0."""
        return round_quotient(self.total * tonnes, self.weight * _MICRO_CNY_PER_FEN)


def delivered_tonnes(*, volume_tonnes: int, elapsed_days: int, window_days: int) -> int:
    """Count the tonnes that count as delivered after some trading days of the window."""
    return volume_tonnes * elapsed_days // window_days


def market_deliveries(
    *, terms: MarketTerms, market: Mapping[date, MarketDay], through: date
) -> tuple[MonthOfOrigin, ...]:
    """Compute what each month of the window delivers, through a day.

    Each is the figure to date less the one before, cut where the promised price changes too.

    Raises:
        PriceMissing, PriceNotFinal: of a trading day of the window that has passed.
    """
    elapsed = [day for day in terms.window_days if day <= through]
    months: dict[Month, tuple[Delivery, ...]] = {}
    average, count, before = AverageToDate(), 0, (0, 0)
    for (month, price), days in groupby(elapsed, key=lambda day: _cut(terms, day)):
        for day in days:
            average, count = average.plus(_final(terms, market, day), basis=terms.basis), count + 1
        now = _to_date(terms, average, count=count, day=elapsed[count - 1])
        delivery = Delivery(price, now[0] - before[0], now[1] - before[1], 0)
        months[month], before = (*months.get(month, ()), delivery), now
    return tuple(MonthOfOrigin(month, deliveries) for month, deliveries in months.items())


def _cut(terms: MarketTerms, day: date) -> tuple[Month, int]:
    """Name the month of a day, and the place of the price promised for it."""
    later = sum(price.effective_date <= day for price in terms.promised_prices[1:])
    return Month.of(day), later


def _to_date(
    terms: MarketTerms, average: AverageToDate, *, count: int, day: date
) -> tuple[int, int]:
    tonnes = delivered_tonnes(
        volume_tonnes=terms.volume_tonnes,
        elapsed_days=count,
        window_days=len(terms.window_days),
    )
    if tonnes and not average.weight:
        raise PriceMissing(
            f"nothing was traded in {terms.series} through {day}, so it has no average by volume;"
            " wait for a day with trades",
            subject=terms.series,
        )
    return tonnes, average.amount_of(tonnes) if tonnes else 0


def _final(terms: MarketTerms, market: Mapping[date, MarketDay], day: date) -> MarketDay:
    found = market.get(day)
    if found is None:
        raise PriceMissing(f"{terms.series} has no price of {day}; import it", subject=terms.series)
    if not found.final:
        raise PriceNotFinal(
            f"the price of {day} in {terms.series} is not FINAL; wait for the final one, or import"
            " it",
            subject=terms.series,
        )
    return found
