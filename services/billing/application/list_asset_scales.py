"""ListAssetScales: read a page of scales."""

from dataclasses import dataclass

from services.billing.application.ports import AssetScales
from services.billing.domain.asset_scale import AssetScale
from services.kernel.identifiers import CustomerName
from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAssetScales:
    """Reads statements of scale, by customer, year and version."""

    unit_of_work: UnitOfWork
    scales: AssetScales

    def __call__(
        self, *, customer: CustomerName | None, year: int | None, page: PageRequest
    ) -> Page[AssetScale]:
        """Read a page."""
        with self.unit_of_work():
            return self.scales.list_scales(customer=customer, year=year, page=page)
