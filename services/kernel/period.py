"""Half-open periods of calendar days, and the months that books are kept by.

Days are calendar days of Asia/Shanghai. ``end`` is never part of a period.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from services.kernel.errors import FieldViolation, InvalidInput

SHANGHAI = ZoneInfo("Asia/Shanghai")
_MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")


class InvalidPeriod(InvalidInput):
    """The period ends before it starts, or the month is not a month."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from ``start`` to the day before ``end``."""

    start: date
    end: date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it starts."""
        if self.end < self.start:
            text = f"ends on {self.end}, before it starts on {self.start}"
            raise InvalidPeriod(
                f"the period {text}", violations=(FieldViolation("end_date", text),)
            )

    @property
    def days(self) -> int:
        """Count the days."""
        return (self.end - self.start).days

    def __contains__(self, day: object) -> bool:
        """Tell whether a day lies within."""
        return isinstance(day, date) and self.start <= day < self.end

    def intersect(self, other: "Period") -> "Period | None":
        """Cut two periods; None where they share no day."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    def each_day(self) -> Iterator[date]:
        """Go through the days, first to last."""
        for offset in range(self.days):
            yield self.start + timedelta(days=offset)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, the settlement period of the house."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read "2025-03".

        Raises:
            InvalidPeriod: the text is not a month of that form.
        """
        return _parsed_month(text)

    @classmethod
    def of(cls, day: date) -> "Month":
        """Find the month of a day."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        """Write "2025-03"."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def end(self) -> date:
        """The day after its last."""
        return self.next().first_day

    @property
    def last_day(self) -> date:
        """Its last day."""
        return _last_day(self.year, self.number)

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.first_day, self.end)

    def next(self) -> "Month":
        """The month after."""
        return Month(self.year + 1, 1) if self.number == 12 else Month(self.year, self.number + 1)  # noqa: PLR2004

    def previous(self) -> "Month":
        """The month before."""
        return Month(self.year - 1, 12) if self.number == 1 else Month(self.year, self.number - 1)


@lru_cache(maxsize=4096)
def _parsed_month(text: str) -> Month:
    match = _MONTH.fullmatch(text)
    if match is None:
        wrong = f"{text!r} is not a month; write it as 2025-03"
        raise InvalidPeriod(wrong, violations=(FieldViolation("month", wrong),))
    return Month(int(match[1]), int(match[2]))


@lru_cache(maxsize=4096)
def _last_day(year: int, number: int) -> date:
    return date(year, number, calendar.monthrange(year, number)[1])


def year_period(year: int) -> Period:
    """The days of a calendar year."""
    return Period(date(year, 1, 1), date(year + 1, 1, 1))


def months_of(period: Period) -> tuple[Month, ...]:
    """The months that share a day with a period, in order."""
    months: list[Month] = []
    month = Month.of(period.start)
    while month.first_day < period.end:
        months.append(month)
        month = month.next()
    return tuple(months)
