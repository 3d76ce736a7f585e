"""PreviewManagementFee: what a year's fee comes to, of a tariff in full, or of a customer."""

from dataclasses import dataclass
from decimal import Decimal

from services.billing.application.ports import (
    AssetScales,
    Books,
    Customers,
    TariffRequest,
    Tariffs,
)
from services.billing.domain.customer import Customer
from services.billing.domain.fee_preview import (
    FeePreview,
    check_bounds,
    check_scale,
    check_served,
    preview_fee,
)
from services.billing.domain.previews import PriceMissing, ScaleMissing
from services.billing.domain.segments import uncovered
from services.billing.domain.tariff import Tariff, TariffSegment, check_tariff
from services.kernel.errors import NotFound
from services.kernel.identifiers import CustomerName
from services.kernel.period import Period, year_period
from services.kernel.service import CustomerClass, Service
from services.kernel.unit_of_work import UnitOfWork


def preview_tariff(
    *, tariff: Tariff, scale_tonnes: Decimal, year: int, served: Period | None
) -> FeePreview:
    """Preview a tariff given in full; pure.

    Raises:
        TiersDoNotTile, InvalidInput: the tariff, the scale or the days cannot be charged.
    """
    check_tariff(tariff)
    check_scale(scale_tonnes, field="scale_tonnes")
    check_bounds(tariff, scale_tonnes)
    days = served or year_period(year)
    check_served(days, year=year)
    piece = TariffSegment(days, CustomerClass.INTERNAL, tariff)
    return preview_fee(year=year, served=days, pieces=(piece,), scale_tonnes=scale_tonnes)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewManagementFee:
    """Previews a customer's year by its own tariff, scale, class and days served.

    As in a run, days before the books were opened are not charged in the year that they were.
    """

    unit_of_work: UnitOfWork
    customers: Customers
    scales: AssetScales
    tariffs: Tariffs
    books: Books

    def __call__(self, *, name: CustomerName, year: int, served: Period | None) -> FeePreview:
        """Preview it.

        Raises:
            NotFound, ScaleMissing, PriceMissing.
            InvalidInput: the days lie outside the year.
        """
        if served is not None:
            check_served(served, year=year)
        with self.unit_of_work():
            customer = self.customers.find(name)
            if customer is None:
                raise NotFound(name)
            scale = self.scales.latest([name], years=[year]).get((name, year))
            if scale is None:
                raise ScaleMissing(customer=name, year=year)
            span = served or self._charged(year)
            days = customer.served_within(span) or Period(span.end, span.end)
            pieces = self._pieces(customer, days)
        gap = uncovered(days, pieces)
        if gap is not None:
            raise PriceMissing(customer=name, days=gap)
        tonnes = scale.statement.tonnes
        for piece in pieces:
            check_bounds(piece.tariff, tonnes)
        return preview_fee(year=year, served=days, pieces=pieces, scale_tonnes=tonnes)

    def _charged(self, year: int) -> Period:
        whole, first = year_period(year), self.books.first_month()
        if first is None or first.year != year:
            return whole
        return Period(first.first_day, whole.end)

    def _pieces(self, customer: Customer, days: Period) -> tuple[TariffSegment, ...]:
        requests = [
            TariffRequest(customer.name, customer_class, Service.DAILY_MANAGEMENT, part)
            for part, customer_class in customer.classes_within(days)
        ]
        found = self.tariffs(requests=requests)
        return tuple(piece for request in requests for piece in found[request])
