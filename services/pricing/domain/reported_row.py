"""A row of an import before it is believed, and what is said about it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from services.kernel.money import Money
from services.pricing.domain.price_point import PriceQuality


@dataclass(frozen=True, slots=True, order=True)
class RowIssue:
    """What refuses a row, or warns of it: the row counted from 0, its field, the reason."""

    row: int
    field: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedRow:
    """A day as reported: anything may be missing, and ``unreadable`` says what could not be read.

    ``volume_tonnes`` and ``amount`` are of listed trading, the block pair of block trading.
    """

    row: int
    date: dt.date | None = None
    close: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    volume_tonnes: int | None = None
    amount: Money | None = None
    quality: PriceQuality | None = None
    block_volume_tonnes: int | None = None
    block_amount: Money | None = None
    unreadable: tuple[RowIssue, ...] = ()

    def issue(self, field: str, reason: str, message: str) -> RowIssue:
        """Say something about a field of this row."""
        return RowIssue(self.row, field, reason, message)

    def could_read(self, field: str) -> bool:
        """Tell whether a field was readable, if it was there at all."""
        return all(issue.field != field for issue in self.unreadable)
