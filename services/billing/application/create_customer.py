"""CreateCustomer: register a customer."""

from dataclasses import dataclass

from services.billing.application.ports import Customers
from services.billing.domain.customer import ClassChange, Customer, CustomerFacts
from services.kernel.clock import Clock
from services.kernel.errors import AlreadyExists, NotFound
from services.kernel.identifiers import CustomerName
from services.kernel.service import CustomerClass
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCustomer:
    """Registers a customer, once. Its class holds from the first day served."""

    unit_of_work: UnitOfWork
    customers: Customers
    clock: Clock

    def __call__(
        self, *, name: CustomerName, facts: CustomerFacts, customer_class: CustomerClass
    ) -> Customer:
        """Register it.

        Raises:
            AlreadyExists: the name is taken.
            NotFound: the parent.
        """
        now = self.clock.now()
        customer = Customer(
            name=name,
            facts=facts,
            class_changes=(ClassChange(facts.service_start_date, customer_class),),
            version=1,
            created_at=now,
            updated_at=now,
        )
        with self.unit_of_work():
            if facts.parent is not None and self.customers.find(facts.parent) is None:
                raise NotFound(facts.parent)
            if not self.customers.add(customer):
                raise AlreadyExists(name)
        return customer
