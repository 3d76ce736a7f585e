"""ListMonths: show the months of the books in order."""

from dataclasses import dataclass

from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.ledger.application.list_month_books import ListMonthBooks
from services.settlement.domain.month_close import MonthStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMonths:
    """Reads a page of months, without looking at what stands in the way of closing them."""

    month_books: ListMonthBooks

    def __call__(self, *, page: PageRequest) -> Page[MonthStatus]:
        """Read it."""
        after = None if page.after is None else Month.parse(page.after[0])
        books = [each for each in self.month_books() if after is None or each.month > after]
        shown = tuple(MonthStatus(books=each) for each in books[: page.size])
        more = len(books) > page.size
        return Page(shown, (str(shown[-1].books.month),) if more else None)
