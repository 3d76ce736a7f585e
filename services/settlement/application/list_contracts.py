"""ListContracts: show contracts by name."""

from dataclasses import dataclass

from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import ContractFilter, Contracts
from services.settlement.domain.contract import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContracts:
    """Reads a page of contracts by name."""

    unit_of_work: UnitOfWork
    contracts: Contracts

    def __call__(self, *, which: ContractFilter, page: PageRequest) -> Page[Contract]:
        """Read it."""
        with self.unit_of_work():
            return self.contracts.list_contracts(which, page)
