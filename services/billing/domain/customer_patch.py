"""A change of what is said of a customer: only what is named changes."""

from dataclasses import dataclass, replace
from datetime import date

from services.billing.domain.customer import CustomerFacts, CustomerKind
from services.kernel.identifiers import CustomerName
from services.kernel.service import CustomerClass


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPatch:
    """New values; None leaves the old one. ``cleared`` names optional facts to forget."""

    display_name: str | None = None
    customer_class: CustomerClass | None = None
    kind: CustomerKind | None = None
    parent: CustomerName | None = None
    tax_number: str | None = None
    registry_account: str | None = None
    service_start_date: date | None = None
    service_end_date: date | None = None
    cleared: frozenset[str] = frozenset()

    def applied_to(self, facts: CustomerFacts) -> CustomerFacts:
        """Change the facts.

        Raises:
            InvalidInput: the result is no customer.
        """
        parent = None if "parent" in self.cleared else self.parent or facts.parent
        end = self.service_end_date or facts.service_end_date
        return replace(
            facts,
            display_name=facts.display_name if self.display_name is None else self.display_name,
            kind=self.kind or facts.kind,
            parent=parent,
            tax_number=facts.tax_number if self.tax_number is None else self.tax_number,
            registry_account=(
                facts.registry_account if self.registry_account is None else self.registry_account
            ),
            service_start_date=self.service_start_date or facts.service_start_date,
            service_end_date=None if "service_end_date" in self.cleared else end,
        )
