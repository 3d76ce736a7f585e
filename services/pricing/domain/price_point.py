"""One day of a series: the figures of the day, and the version that holds them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from services.kernel.identifiers import PriceSeriesName
from services.kernel.money import Money


class PriceQuality(StrEnum):
    """How good a price is, best first: published for good, still open, or merely assessed."""

    FINAL = "FINAL"
    PROVISIONAL = "PROVISIONAL"
    ESTIMATED = "ESTIMATED"


_WORSE = {quality: rank for rank, quality in enumerate(PriceQuality)}


def lowest(qualities: list[PriceQuality]) -> PriceQuality:
    """Find the lowest of some qualities."""
    return max(qualities, key=_WORSE.__getitem__)


def better(quality: PriceQuality, other: PriceQuality) -> bool:
    """Tell whether a quality is above another on the ladder."""
    return _WORSE[quality] < _WORSE[other]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """What a trading day looked like; CNY per tonne, tonnes, CNY. None is not known, never zero.

    ``volume_tonnes`` and ``amount`` are of listed trading, the block pair of block trading.
    """

    date: date
    close: Decimal
    quality: PriceQuality
    low: Decimal | None = None
    high: Decimal | None = None
    volume_tonnes: int | None = None
    amount: Money | None = None
    block_volume_tonnes: int | None = None
    block_amount: Money | None = None

    @property
    def stale(self) -> bool:
        """Tell whether nothing was listed, so that the close is an older one carried on."""
        return self.volume_tonnes == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePoint:
    """One version of a day: versions count from 1, ``recorded_at`` is when it was learned."""

    series: PriceSeriesName
    figures: DayFigures
    source: str
    version: int
    recorded_at: datetime
