"""ListPriceSeries."""

from dataclasses import dataclass

from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import PriceSeriesCatalogue
from services.pricing.domain.price_series import PriceSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPriceSeries:
    """Lists the price series by name."""

    unit_of_work: UnitOfWork
    series: PriceSeriesCatalogue

    def __call__(self, *, page: PageRequest) -> Page[PriceSeries]:
        """Read a page."""
        with self.unit_of_work():
            return self.series.list_series(page)
