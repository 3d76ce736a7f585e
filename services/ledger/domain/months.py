"""The state of each month's books: OPEN, then CLOSED for good, in order."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.kernel.errors import Refused, WrongState
from services.kernel.period import Month

HORIZON_MONTHS = 36
"""How far beyond the first open month an entry may be booked: a bound against typing errors."""


class MonthState(StrEnum):
    """OPEN takes entries; CLOSED takes none, ever."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class MonthClosed(Refused):
    """The month's books are closed; book it in an open month, naming the month of origin."""

    reason = "MONTH_CLOSED"

    def __init__(self, month: Month) -> None:
        """Name the month."""
        super().__init__(
            f"the books of {month} are closed; book in an open month, with {month} as its origin",
            subject=month_name(month),
            metadata={"month": str(month)},
        )


class BooksNotOpen(WrongState):
    """No month was ever opened."""

    def __init__(self) -> None:
        """Say the way out."""
        super().__init__(
            "the books are not open yet; open them with a first month", subject="books"
        )


class BooksOpenAlready(WrongState):
    """The books are opened once; the first month cannot be chosen again."""

    def __init__(self, first_month: Month) -> None:
        """Name the month that they were opened with."""
        super().__init__(
            f"the books were opened with {first_month} already; the first month stays",
            subject=month_name(first_month),
            metadata={"first_month": str(first_month)},
        )


class MonthOutOfOrder(WrongState):
    """Months are settled and closed in order, and an earlier one is still open."""

    def __init__(self, *, month: Month, first_open: Month, step: str = "close") -> None:
        """Name both months, and what cannot be done with the later one."""
        super().__init__(
            f"{month} cannot {step} while {first_open} is open; close {first_open} first",
            subject=month_name(month),
            metadata={"month": str(month), "first_open_month": str(first_open)},
        )


class MonthBeyondHorizon(WrongState):
    """The month is too far ahead to be meant."""

    def __init__(self, *, month: Month, last: Month) -> None:
        """Name the month, and the last that may be booked in."""
        super().__init__(
            f"{month} is more than {HORIZON_MONTHS} months after the first open one;"
            f" the last month to book in is {last}",
            subject=month_name(month),
            metadata={"month": str(month), "last_month": str(last)},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthBooks:
    """The books of one month. ``opened_at`` is None while nothing was booked in it yet."""

    month: Month
    state: MonthState = MonthState.OPEN
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether it takes entries."""
        return self.state is MonthState.OPEN

    def close(self, *, closed_at: datetime, closed_by: str) -> "MonthBooks":
        """Close it for good.

        Raises:
            MonthClosed: it is closed already.
        """
        if not self.is_open:
            raise MonthClosed(self.month)
        return replace(self, state=MonthState.CLOSED, closed_at=closed_at, closed_by=closed_by)


def month_name(month: Month) -> str:
    """The resource name of a month: ``months/2025-03``."""
    return f"months/{month}"


def last_bookable(first_open: Month) -> Month:
    """The last month that entries may be booked in, as long as ``first_open`` is the first."""
    ordinal = first_open.year * 12 + first_open.number - 1 + HORIZON_MONTHS
    return Month(ordinal // 12, ordinal % 12 + 1)
