"""GetQuote."""

from dataclasses import dataclass

from services.kernel.errors import NotFound
from services.kernel.identifiers import QuoteName
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.quote_ports import Quotes
from services.pricing.domain.quoting.quote import Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class GetQuote:
    """Reads one quote, as it was priced."""

    unit_of_work: UnitOfWork
    quotes: Quotes

    def __call__(self, *, name: QuoteName) -> Quote:
        """Read it.

        Raises:
            NotFound.
        """
        with self.unit_of_work():
            found = self.quotes.find(name)
        if found is None:
            raise NotFound(name)
        return found
