"""OpenBooks: choose the first month, once."""

from dataclasses import dataclass

from services.kernel.period import Month
from services.ledger.application import open_books as ledger
from services.settlement.domain.month_close import MonthStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBooks:
    """Opens the books with a first month; the ledger keeps their state."""

    open_books: ledger.OpenBooks

    def __call__(self, *, first_month: Month) -> MonthStatus:
        """Open them.

        Raises:
            BooksOpenAlready.
        """
        return MonthStatus(books=self.open_books(first_month=first_month))
