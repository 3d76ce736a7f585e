"""GetCustomer: read one customer."""

from dataclasses import dataclass

from services.billing.application.ports import Customers
from services.billing.domain.customer import Customer
from services.kernel.errors import NotFound
from services.kernel.identifiers import CustomerName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GetCustomer:
    """Reads it, if it exists and the caller may see it."""

    unit_of_work: UnitOfWork
    customers: Customers

    def __call__(self, *, name: CustomerName) -> Customer:
        """Read it.

        Raises:
            NotFound.
        """
        with self.unit_of_work():
            found = self.customers.find(name)
        if found is None:
            raise NotFound(name)
        return found
