"""UpdateCustomer: change what is said of a customer."""

from dataclasses import dataclass
from datetime import date

from services.billing.application.ports import Books, Customers
from services.billing.domain.customer import ClassChange, Customer, refuse_own_parent
from services.billing.domain.customer_patch import CustomerPatch
from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import CustomerName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateCustomer:
    """Changes facts at once, and the class from a day on.

    Without a day the new class holds from the first day of the first open month, so that nothing
    billed changes; while no books are open, from the first day served.
    """

    unit_of_work: UnitOfWork
    customers: Customers
    books: Books
    clock: Clock

    def __call__(
        self,
        *,
        name: CustomerName,
        patch: CustomerPatch,
        class_effective_date: date | None,
        etag: str,
    ) -> Customer:
        """Change it.

        Raises:
            NotFound: the customer, or its parent.
            EtagChanged: it was changed since it was read.
        """
        with self.unit_of_work():
            found = self.customers.lock(name)
            if found is None:
                raise NotFound(name)
            facts = patch.applied_to(found.facts)
            refuse_own_parent(name, facts)
            if patch.parent and self.customers.find(patch.parent) is None:
                raise NotFound(patch.parent)
            changed = found.changed(
                facts=facts,
                class_change=self._class_change(found, patch, class_effective_date),
                etag=etag,
                time=self.clock.now(),
            )
            self.customers.save(changed)
            return changed

    def _class_change(
        self, customer: Customer, patch: CustomerPatch, day: date | None
    ) -> ClassChange | None:
        if patch.customer_class is None:
            return None
        first_open = self.books.first_open_month()
        start = customer.facts.service_start_date
        default = max(first_open.first_day, start) if first_open else start
        effective = max(day or default, customer.class_changes[0].effective_date)
        if day is None and customer.class_on(effective) is patch.customer_class:
            return None
        return ClassChange(effective, patch.customer_class)
