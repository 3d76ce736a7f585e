"""Reads everything that customers' charges of a month depend on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.billing.application.ports import (
    AssetScales,
    Books,
    Customers,
    Documents,
    TariffRequest,
    Tariffs,
    TradedTonnesOf,
)
from services.billing.domain.asset_scale import AssetScale
from services.billing.domain.customer import Customer
from services.billing.domain.inputs import CustomerInputs, ServiceYear, TradedTonnes, year_charged
from services.billing.domain.segments import fee_segments, uncovered
from services.billing.domain.tariff import TariffSegment
from services.kernel.identifiers import CustomerName
from services.kernel.period import Month, Period, year_period
from services.kernel.service import Service

_Segments = Mapping[TariffRequest, tuple[TariffSegment, ...]]
_Scales = Mapping[tuple[CustomerName, int], AssetScale]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputsReader:
    """Reads the inputs of many customers at once; inside a unit of work.

    Days before the books were opened are not charged: they were billed elsewhere. Every year since
    then is read, so that a late final scale or class change finds its year.
    """

    customers: Customers
    scales: AssetScales
    documents: Documents
    tariffs: Tariffs
    traded: TradedTonnesOf
    books: Books

    def __call__(
        self, *, names: Sequence[CustomerName], month: Month
    ) -> tuple[CustomerInputs, ...]:
        """Read the inputs of customers, by name."""
        customers = self.customers.read_all(names)
        span = Period((self.books.first_month() or month).first_day, month.end)
        years = range(span.start.year, month.year + 1)
        scales = self.scales.latest(names, years=years)
        billed = self.documents.billed(names)
        open_invoices = self.documents.open_invoices(names)
        requests = [r for c in customers for year in years for r in _requests(c, year, span)]
        segments = self.tariffs(requests=requests)
        traded = _by_customer(self.traded(customers=names, period=span))
        return tuple(
            CustomerInputs(
                customer=customer,
                month=month,
                years=tuple(
                    _service_year(customer, year, span, scales, segments, traded) for year in years
                ),
                billed=billed.get(customer.name, ()),
                open_invoices=open_invoices.get(customer.name, ()),
            )
            for customer in customers
        )


def _requests(customer: Customer, year: int, span: Period) -> list[TariffRequest]:
    served = _served(customer, year, span)
    return [
        TariffRequest(customer.name, customer_class, service, days)
        for days, customer_class in customer.classes_within(served)
        for service in Service
        if days.days > 0
    ]


def _served(customer: Customer, year: int, span: Period) -> Period:
    """Find the days charged in a year; none are the empty period at the end of the span."""
    days = year_period(year).intersect(span)
    served = customer.served_within(days) if days else None
    return served or Period(span.end, span.end)


def _service_year(
    customer: Customer,
    year: int,
    span: Period,
    scales: _Scales,
    segments: _Segments,
    traded: Mapping[CustomerName, list[TradedTonnes]],
) -> ServiceYear:
    served, ever = _served(customer, year, span), customer.served_within(span)
    pieces: dict[Service, list[TariffSegment]] = {}
    for request in _requests(customer, year, span):
        pieces.setdefault(request.service, []).extend(segments[request])
    mine = traded.get(customer.name, [])
    return ServiceYear(
        year=year,
        served=served,
        scale=scales.get((customer.name, year)),
        segments={service: fee_segments(found) for service, found in pieces.items()},
        gap=uncovered(served, pieces.get(Service.DAILY_MANAGEMENT, ())),
        traded=tuple(row for row in mine if year_charged(row.month, served=ever) == year),
    )


def _by_customer(rows: Sequence[TradedTonnes]) -> dict[CustomerName, list[TradedTonnes]]:
    grouped: dict[CustomerName, list[TradedTonnes]] = {}
    for row in rows:
        grouped.setdefault(row.customer, []).append(row)
    return grouped
