"""CreateContract: draft a contract."""

from dataclasses import dataclass, replace

from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import Contracts, Customers
from services.settlement.domain.contract import Contract, ContractState
from services.settlement.domain.contract_terms import check_contract


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateContract:
    """Drafts a contract for a customer, once; the caller is its maker."""

    unit_of_work: UnitOfWork
    contracts: Contracts
    customers: Customers
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, contract: Contract) -> Contract:
        """Draft it.

        Raises:
            InvalidTerms, TiersDoNotTile, AlreadyExists.
            NotFound: the customer.
        """
        check_contract(contract)
        with self.unit_of_work():
            self.customers.require(customer=contract.customer)
            draft = replace(
                contract,
                state=ContractState.DRAFT,
                drafted_by=self.principal().subject,
                drafted_at=self.clock.now(),
            )
            self.contracts.add(draft)
            return draft
