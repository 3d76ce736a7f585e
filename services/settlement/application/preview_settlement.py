"""PreviewSettlement: what a contract's guarantee owes by month, from its allocations."""

from dataclasses import dataclass

from services.kernel.errors import NotFound
from services.kernel.identifiers import ContractName
from services.kernel.period import Month, months_of
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import (
    Contracts,
    Delivered,
    NameRange,
    SettlementSource,
)
from services.settlement.domain.contract import Contract
from services.settlement.domain.contract_terms import terms_of
from services.settlement.domain.guarantee import MonthOfOrigin
from services.settlement.domain.preview import SettlementPreview, preview


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewSettlement:
    """Computes every month of a contract up to one, as if nothing were posted."""

    unit_of_work: UnitOfWork
    contracts: Contracts
    source: SettlementSource

    def __call__(self, *, contract: ContractName, month: Month) -> SettlementPreview:
        """Compute it from the allocations there are, booked up to the month.

        Raises:
            NotFound.
        """
        with self.unit_of_work():
            found = self.contracts.find(contract)
            if found is None:
                raise NotFound(contract)
            names = NameRange(contract, contract + "\x01")
            delivered = self.source.delivered(names, month=month).get(contract, Delivered())
        return preview(terms_of(found), _months(found, delivered, month))


def _months(contract: Contract, delivered: Delivered, last: Month) -> list[MonthOfOrigin]:
    """Line up the months of the window and of deliveries, up to the last one asked for."""
    window = {month for month in months_of(contract.delivery_window) if month <= last}
    months = sorted({last, *window, *delivered.months})
    return [delivered.months.get(month) or MonthOfOrigin(month, ()) for month in months]
