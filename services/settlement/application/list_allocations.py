"""ListAllocations: read allocations, page by page."""

from dataclasses import dataclass

from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.trade_ports import Allocations, RowFilter
from services.settlement.domain.allocation import Allocation


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAllocations:
    """Reads allocations, by trade date and name."""

    unit_of_work: UnitOfWork
    allocations: Allocations

    def __call__(self, *, wanted: RowFilter, page: PageRequest) -> Page[Allocation]:
        """Read one page."""
        with self.unit_of_work():
            return self.allocations.list_allocations(wanted, page)
