"""PostedResults: what settlement posted, by contract and month of origin, for who measures it."""

from dataclasses import dataclass

from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import (
    Contracts,
    PostedResult,
    Settlements,
)
from services.settlement.domain.contract import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedResults:
    """Sums posted rows; asks for no authority, as other rooms of the house call it."""

    unit_of_work: UnitOfWork
    contracts: Contracts
    settlements: Settlements

    def __call__(self, *, through: Month) -> tuple[PostedResult, ...]:
        """Sum what runs of months up to ``through`` posted, by contract and month of origin."""
        with self.unit_of_work():
            return self.settlements.posted_results(through=through)

    def settled_contracts(self) -> tuple[Contract, ...]:
        """Read the contracts of which anything is posted."""
        with self.unit_of_work():
            return self.contracts.settled()
