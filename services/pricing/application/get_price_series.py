"""GetPriceSeries."""

from dataclasses import dataclass

from services.kernel.errors import NotFound
from services.kernel.identifiers import PriceSeriesName
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import PriceSeriesCatalogue
from services.pricing.domain.price_series import PriceSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class GetPriceSeries:
    """Reads one price series."""

    unit_of_work: UnitOfWork
    series: PriceSeriesCatalogue

    def __call__(self, *, name: PriceSeriesName) -> PriceSeries:
        """Read it.

        Raises:
            NotFound: there is no such series.
        """
        with self.unit_of_work():
            found = self.series.find(name)
        if found is None:
            raise NotFound(name)
        return found
