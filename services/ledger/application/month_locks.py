"""Locking months so that what is booked in them, and their closing, come one after the other."""

from collections.abc import Sequence
from datetime import datetime

from services.kernel.period import Month
from services.ledger.application.ports import Months
from services.ledger.domain.months import (
    BooksNotOpen,
    MonthBeyondHorizon,
    MonthClosed,
    last_bookable,
)


def lock_open_months(months: Months, wanted: Sequence[Month], *, opened_at: datetime) -> None:
    """Lock months, given in order, FOR SHARE, opening rows for those that come after the last.

    A month before the first of the books counts as closed.

    Raises:
        BooksNotOpen, MonthClosed, MonthBeyondHorizon.
    """
    first_open = months.first_open()
    if first_open is None:
        raise BooksNotOpen
    last = last_bookable(first_open.month)
    if wanted[-1] > last:
        raise MonthBeyondHorizon(month=wanted[-1], last=last)
    months.open_through(wanted[-1], opened_at=opened_at)
    locked = {books.month for books in months.lock_for_posting(wanted) if books.is_open}
    for month in wanted:
        if month not in locked:
            raise MonthClosed(month)
