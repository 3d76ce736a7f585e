"""CloseMonth: close a month for good."""

from dataclasses import dataclass

from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.close_month_books import CloseMonthBooks
from services.ledger.application.get_month_books import GetMonthBooks
from services.ledger.application.lock_month_books import LockMonthBooks
from services.settlement.application.check_month import CheckMonth
from services.settlement.domain.month_close import MonthStatus, blockers_of, refuse_blocked


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseMonth:
    """Closes a month if nothing stands in the way; it stays still while that is examined."""

    unit_of_work: UnitOfWork
    month_books: GetMonthBooks
    lock_month: LockMonthBooks
    close_books: CloseMonthBooks
    check_month: CheckMonth

    def __call__(self, *, month: Month) -> MonthStatus:
        """Close it.

        Raises:
            NotFound, MonthClosed, MonthOutOfOrder.
            BlockingFindings: naming every blocker.
        """
        with self.unit_of_work():
            self.month_books(month=month)
            self.lock_month(month=month)
            checklist = self.check_month(month=month)
            refuse_blocked(month, blockers_of(month, checklist))
            return MonthStatus(books=self.close_books(month=month), checklist=checklist)
