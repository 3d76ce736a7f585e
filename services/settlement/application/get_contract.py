"""GetContract: show one contract."""

from dataclasses import dataclass

from services.kernel.errors import NotFound
from services.kernel.identifiers import ContractName
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import Contracts
from services.settlement.domain.contract import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class GetContract:
    """Reads one contract."""

    unit_of_work: UnitOfWork
    contracts: Contracts

    def __call__(self, *, name: ContractName) -> Contract:
        """Read it.

        Raises:
            NotFound.
        """
        with self.unit_of_work():
            contract = self.contracts.find(name)
            if contract is None:
                raise NotFound(name)
            return contract
