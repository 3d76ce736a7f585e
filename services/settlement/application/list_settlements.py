"""ListSettlements: show settlements by name."""

from dataclasses import dataclass, replace

from services.kernel.authority import CurrentPrincipal
from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import (
    SettlementFilter,
    Settlements,
    SettlementView,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSettlements:
    """Reads a page; a caller that sees only its own customers sees posted settlements."""

    unit_of_work: UnitOfWork
    settlements: Settlements
    principal: CurrentPrincipal

    def __call__(self, *, which: SettlementFilter, page: PageRequest) -> Page[SettlementView]:
        """Read it."""
        posted_only = which.posted_only or not self.principal().sees_every_customer
        with self.unit_of_work():
            return self.settlements.list_settlements(replace(which, posted_only=posted_only), page)
