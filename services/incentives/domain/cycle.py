"""The months that a reward is measured over, as one text: "2025", "2025-Q1" or "2025-03"."""

import re
from dataclasses import dataclass
from datetime import date

from services.kernel.errors import FieldViolation, InvalidInput
from services.kernel.period import Month, Period

MONTHS_OF_A_YEAR = 12
_CYCLE = re.compile(r"([12]\d{3})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?")


class InvalidCycle(InvalidInput):
    """The text is not a year, a quarter or a month."""


@dataclass(frozen=True, slots=True, order=True)
class Cycle:
    """One, three or twelve months in a row."""

    first: Month
    month_count: int

    @classmethod
    def parse(cls, text: str) -> "Cycle":
        """Read a year "2025", a quarter "2025-Q1" or a month "2025-03".

        Raises:
            InvalidCycle: the text is none of these.
        """
        match = _CYCLE.fullmatch(text)
        if match is None:
            wrong = f"{text!r} is not a cycle; write 2025, 2025-Q1 or 2025-03"
            raise InvalidCycle(wrong, violations=(FieldViolation("cycle", wrong),))
        year, quarter, number = int(match[1]), match[2], match[3]
        if quarter:
            return cls(Month(year, int(quarter) * 3 - 2), 3)
        return cls(Month(year, int(number)), 1) if number else cls(Month(year, 1), MONTHS_OF_A_YEAR)

    def __str__(self) -> str:
        """Write it as it was read."""
        if self.month_count == 1:
            return str(self.first)
        year = f"{self.first.year:04d}"
        if self.month_count == MONTHS_OF_A_YEAR:
            return year
        return f"{year}-Q{(self.first.number + 2) // 3}"

    @property
    def months(self) -> tuple[Month, ...]:
        """Its months, in order."""
        months = [self.first]
        while len(months) < self.month_count:
            months.append(months[-1].next())
        return tuple(months)

    @property
    def last(self) -> Month:
        """Its last month."""
        return self.months[-1]

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.first.first_day, self.last.end)

    def overlaps(self, other: "Cycle") -> bool:
        """Tell whether the two share a month."""
        return self.period.intersect(other.period) is not None

    def holds(self, month_and_day: str) -> bool:
        """Tell whether a day of the calendar, as "12-31", lies within it."""
        month, day = (int(part) for part in month_and_day.split("-"))
        return any(m.number == month and day <= m.last_day.day for m in self.months)

    def payable_date(self, instalment: int) -> date:
        """The day from which an instalment, counted from 0, is payable: the end, and yearly on."""
        end = self.period.end
        return date(end.year + instalment, end.month, end.day)
