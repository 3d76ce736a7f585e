"""ListCustomers: read a page of customers."""

from dataclasses import dataclass

from services.billing.application.ports import CustomerFilter, Customers
from services.billing.domain.customer import Customer
from services.kernel.clock import Clock, shanghai_day
from services.kernel.identifiers import CustomerName
from services.kernel.page import Page, PageRequest
from services.kernel.service import CustomerClass
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCustomers:
    """Reads those that the caller may see, by name; the class asked for is that of today."""

    unit_of_work: UnitOfWork
    customers: Customers
    clock: Clock

    def __call__(
        self,
        *,
        customer_class: CustomerClass | None,
        parent: CustomerName | None,
        page: PageRequest,
    ) -> Page[Customer]:
        """Read a page."""
        which = CustomerFilter(shanghai_day(self.clock.now()), customer_class, parent)
        with self.unit_of_work():
            return self.customers.list_customers(which, page)
