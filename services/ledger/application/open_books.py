"""OpenBooks: choose the first month, once."""

from dataclasses import dataclass

from services.kernel.clock import Clock
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import Months
from services.ledger.domain.months import BooksOpenAlready, MonthBooks


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBooks:
    """Opens the books with a first month; what came before it counts as closed."""

    unit_of_work: UnitOfWork
    months: Months
    clock: Clock

    def __call__(self, *, first_month: Month) -> MonthBooks:
        """Open them.

        Raises:
            BooksOpenAlready: they were opened before, with this month or another.
        """
        with self.unit_of_work():
            books = MonthBooks(month=first_month, opened_at=self.clock.now())
            if not self.months.open_first(books):
                existing = self.months.first()
                raise BooksOpenAlready(existing.month if existing else first_month)
            return books
