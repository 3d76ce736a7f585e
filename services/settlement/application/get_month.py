"""GetMonth: show a month with its checklist and blockers."""

from dataclasses import dataclass

from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.get_month_books import GetMonthBooks
from services.settlement.application.check_month import CheckMonth
from services.settlement.domain.month_close import MonthStatus, blockers_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GetMonth:
    """Reads a month, and looks at what stands in the way of closing it while it is open."""

    unit_of_work: UnitOfWork
    month_books: GetMonthBooks
    check_month: CheckMonth

    def __call__(self, *, month: Month) -> MonthStatus:
        """Read it.

        Raises:
            NotFound: the books begin later, or are not open.
        """
        with self.unit_of_work():
            books = self.month_books(month=month)
            checklist = self.check_month(month=month)
            blockers = blockers_of(month, checklist) if books.is_open else ()
            return MonthStatus(books=books, checklist=checklist, blockers=blockers)
