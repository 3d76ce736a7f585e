"""Trading days: weekdays on which the exchange is open.

A working weekend day that makes up for a holiday is not a trading day. The holidays are data with
their source (``exchange_holidays.csv``), read at start-up by the composition root.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.kernel.period import Period

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class ExchangeHoliday:
    """One weekday on which the exchange is closed: which feast, and who announced it."""

    day: date
    occasion: str
    source: str


@dataclass(frozen=True, slots=True)
class TradingCalendar:
    """The days on which the exchange is open, as far as its holidays are ``known``."""

    holidays: frozenset[date]
    known: Period

    @classmethod
    def of(cls, holidays: Iterable[ExchangeHoliday]) -> "TradingCalendar":
        """Build it of holidays; whole calendar years are known, from the first to the last."""
        days = frozenset(holiday.day for holiday in holidays)
        known = Period(date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1))
        return cls(days, known)

    def is_trading_day(self, day: date) -> bool:
        """Tell whether the exchange is open. Beyond the known years every weekday counts."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def trading_days(self, period: Period) -> tuple[date, ...]:
        """The trading days of a period, in order."""
        return tuple(day for day in period.each_day() if self.is_trading_day(day))


def read_holidays(lines: Iterable[str]) -> Iterator[ExchangeHoliday]:
    """Read lines of ``day,occasion,source``; lines that start with # are remarks."""
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        yield ExchangeHoliday(date.fromisoformat(row["day"]), row["occasion"], row["source"])
