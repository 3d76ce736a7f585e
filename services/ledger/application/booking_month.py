"""BookingMonth: find the month whose books take what belongs to a month."""

from dataclasses import dataclass

from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import Months
from services.ledger.domain.months import BooksNotOpen


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingMonth:
    """Finds the month itself while it is open, else the first open one, and keeps that open.

    In the outermost unit of work the month found stays open until the transaction ends.
    """

    unit_of_work: UnitOfWork
    months: Months

    def __call__(self, *, month: Month) -> Month:
        """Find it.

        Raises:
            BooksNotOpen.
        """
        with self.unit_of_work():
            while True:
                first_open = self.months.first_open()
                if first_open is None:
                    raise BooksNotOpen
                found = max(month, first_open.month)
                if self._still_open(first_open.month):
                    return found

    def _still_open(self, first_open: Month) -> bool:
        """Lock the first open month; while it cannot close, no later one can."""
        return all(books.is_open for books in self.months.lock_for_posting((first_open,)))
