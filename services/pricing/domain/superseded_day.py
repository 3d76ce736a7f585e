"""Days whose answer changed after others may have used them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from services.pricing.domain.price_point import DayFigures, better


class PriceChange(StrEnum):
    """What became of a day: corrected, better or worse founded, or no longer missing."""

    CORRECTED = "CORRECTED"
    QUALITY_CLIMBED = "QUALITY_CLIMBED"
    QUALITY_FELL = "QUALITY_FELL"
    GAP_FILLED = "GAP_FILLED"


@dataclass(frozen=True, slots=True)
class SupersededDay:
    """A day as it was (None: missing between others), and as it is."""

    old: DayFigures | None
    new: DayFigures

    @property
    def date(self) -> date:
        """The trading day."""
        return self.new.date

    @property
    def change(self) -> PriceChange:
        """What became of it. A correction is one whatever became of the quality."""
        if self.old is None:
            return PriceChange.GAP_FILLED
        if replace(self.old, quality=self.new.quality) != self.new:
            return PriceChange.CORRECTED
        climbed = better(self.new.quality, self.old.quality)
        return PriceChange.QUALITY_CLIMBED if climbed else PriceChange.QUALITY_FELL


def superseded_days(
    *, new: Sequence[DayFigures], old: Mapping[date, DayFigures], newest: date | None
) -> tuple[SupersededDay, ...]:
    """Find the days that now say something else, by day.

    ``newest`` is the last day that was recorded before: a new day after it is news, and nobody can
    have missed it; one before it fills a gap.
    """
    found = [
        SupersededDay(old.get(day.date), day)
        for day in new
        if old.get(day.date) != day and newest is not None and day.date <= newest
    ]
    return tuple(sorted(found, key=lambda day: day.date))
