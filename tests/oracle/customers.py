"""What a customer owes for daily management, worked out again from everything known by now.

An oracle, apart from the product. Whatever was billed before, a month brings the customer to the
fee to date: of every rate and class that the days served were in, on the latest scale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.fees import Days, Rate, to_date


@dataclass(slots=True)
class Plant:
    """A customer: days served, dated classes, and the scales stated for the year."""

    name: str
    start: date
    classes: list[tuple[date, str]]
    scales: list[Fraction] = field(default_factory=list)
    end: date | None = None

    def class_on(self, day: date) -> str:
        """Give the class of a day: of the changes up to it the last dated, then the last made."""
        reached = [(when, number) for number, (when, _) in enumerate(self.classes) if when <= day]
        return self.classes[max(reached)[1] if reached else 0][1]


@dataclass(frozen=True, slots=True)
class Tariff:
    """A rate, the class that it is for, and its first day."""

    rate: Rate
    customer_class: str
    effective: date


def pieces(plant: Plant, tariffs: Sequence[Tariff], year: int, opened: date) -> list[Days]:
    """Cut the days served in a year, one by one, by rate and class."""
    day = max(plant.start, date(year, 1, 1), opened)
    end = min(plant.end or date.max, date(year + 1, 1, 1))
    days = []
    while day < end:
        served_as = plant.class_on(day)
        rate = _rate_on(tariffs, served_as, day)
        keyed = replace(rate, key=f"{rate.key} {served_as}")
        days.append(Days(day, day + timedelta(days=1), keyed))
        day += timedelta(days=1)
    return days


def _rate_on(tariffs: Sequence[Tariff], customer_class: str, day: date) -> Rate:
    """Take the latest effective date that is reached, and of equals the later one approved."""
    fitting = [
        (tariff.effective, number)
        for number, tariff in enumerate(tariffs)
        if tariff.customer_class == customer_class and tariff.effective <= day
    ]
    return tariffs[max(fitting)[1]].rate


def owed(
    days: Sequence[Days], scale: Fraction, end: date, billed: Mapping[str, int]
) -> dict[str, int]:
    """Give what each rate and class still owes through the day before `end`, in its own fen."""
    now = to_date(days, end.year if end.month > 1 else end.year - 1, scale, end)
    keys = [*now, *(key for key in billed if key not in now)]
    return {key: now.get(key, 0) - billed.get(key, 0) for key in keys}
