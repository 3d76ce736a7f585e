"""CloseMonthBooks: take no more entries for a month, for good."""

from dataclasses import dataclass

from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.lock_month_books import LockMonthBooks
from services.ledger.application.ports import Months
from services.ledger.domain.months import MonthBooks


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseMonthBooks:
    """Closes the first open month and opens the next; postings under way finish first."""

    unit_of_work: UnitOfWork
    months: Months
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, month: Month) -> MonthBooks:
        """Close it.

        Raises:
            BooksNotOpen, MonthClosed.
            MonthOutOfOrder: an earlier month is still open.
        """
        lock = LockMonthBooks(unit_of_work=self.unit_of_work, months=self.months)
        with self.unit_of_work():
            books = lock(month=month)
            now = self.clock.now()
            closed = books.close(closed_at=now, closed_by=self.principal().subject)
            self.months.save(closed)
            self.months.open_through(month.next(), opened_at=now)
            return closed
