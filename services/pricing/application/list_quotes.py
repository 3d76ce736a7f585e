"""ListQuotes."""

from dataclasses import dataclass

from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.quote_ports import QuoteFilter, Quotes
from services.pricing.domain.quoting.quote import Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuotes:
    """Reads quotes by name, page by page."""

    unit_of_work: UnitOfWork
    quotes: Quotes

    def __call__(self, *, which: QuoteFilter, page: PageRequest) -> Page[Quote]:
        """Read a page."""
        with self.unit_of_work():
            return self.quotes.list_quotes(which, page)
