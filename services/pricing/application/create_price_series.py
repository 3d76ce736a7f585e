"""CreatePriceSeries."""

from dataclasses import dataclass

from services.kernel.errors import AlreadyExists
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.ports import PriceSeriesCatalogue
from services.pricing.domain.price_series import PriceSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePriceSeries:
    """Opens a price series, without points."""

    unit_of_work: UnitOfWork
    series: PriceSeriesCatalogue

    def __call__(self, *, price_series: PriceSeries) -> PriceSeries:
        """Open it.

        Raises:
            AlreadyExists: a series of that name is there.
        """
        with self.unit_of_work():
            if not self.series.add(price_series):
                raise AlreadyExists(price_series.name)
        return price_series
