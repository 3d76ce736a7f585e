"""ListCustomersServed: who was served on some day of a period; asked by other rooms."""

from dataclasses import dataclass

from services.billing.application.ports import Customers
from services.billing.domain.customer import Customer
from services.kernel.period import Period
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCustomersServed:
    """Reads every customer served on some day of a period."""

    unit_of_work: UnitOfWork
    customers: Customers

    def __call__(self, *, period: Period) -> tuple[Customer, ...]:
        """Read them, by name."""
        with self.unit_of_work():
            joined = self.customers.read_all(self.customers.joined_before(period.end))
        return tuple(customer for customer in joined if customer.served_within(period))
