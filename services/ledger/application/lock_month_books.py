"""LockMonthBooks: keep a month still while it is examined for closing."""

from dataclasses import dataclass

from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import Months
from services.ledger.domain.months import (
    BooksNotOpen,
    MonthBooks,
    MonthClosed,
    MonthOutOfOrder,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockMonthBooks:
    """Waits for postings under way, then locks the month until the transaction ends.

    Whoever closes a month calls this before its checks, so that nothing is booked between a check
    and the closing. Call it in the outermost unit of work; on its own it holds nothing.
    """

    unit_of_work: UnitOfWork
    months: Months

    def __call__(self, *, month: Month) -> MonthBooks:
        """Lock the month and read it.

        Raises:
            BooksNotOpen, MonthClosed.
            MonthOutOfOrder: an earlier month is still open.
        """
        with self.unit_of_work():
            first_open = self.months.first_open()
            if first_open is None:
                raise BooksNotOpen
            if month > first_open.month:
                raise MonthOutOfOrder(month=month, first_open=first_open.month)
            books = self.months.lock_for_closing(month)
            if books is None or not books.is_open:
                raise MonthClosed(month)
            return books
