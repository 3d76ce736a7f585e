"""ListContractValues."""

from dataclasses import dataclass

from services.kernel.errors import NotFound
from services.kernel.identifiers import CustomerName, ValuationName
from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.valuation_ports import Valuations
from services.pricing.domain.portfolio.valuation import ContractValue


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContractValues:
    """Reads what each contract of a valuation is worth, page by page."""

    unit_of_work: UnitOfWork
    valuations: Valuations

    def __call__(
        self, *, valuation: ValuationName, customer: CustomerName | None, page: PageRequest
    ) -> Page[ContractValue]:
        """Read a page, by contract; empty while the contracts are being valued.

        Raises:
            NotFound: there is no such valuation.
        """
        with self.unit_of_work():
            if self.valuations.find(valuation) is None:
                raise NotFound(valuation)
            return self.valuations.list_values(valuation, customer=customer, page=page)
