"""ListValuations."""

from dataclasses import dataclass

from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.valuation_ports import Valuations
from services.pricing.domain.portfolio.valuation import Valuation


@dataclass(frozen=True, slots=True, kw_only=True)
class ListValuations:
    """Reads valuations by name, so by day, page by page."""

    unit_of_work: UnitOfWork
    valuations: Valuations

    def __call__(self, *, page: PageRequest) -> Page[Valuation]:
        """Read a page."""
        with self.unit_of_work():
            return self.valuations.list_valuations(page)
