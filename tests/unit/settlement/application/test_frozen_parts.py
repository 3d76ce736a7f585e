"""Reading what closed months allocated, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.settlement.application.frozen_parts import read_frozen_parts
from services.settlement.application.trade_ports import RowFilter
from services.settlement.domain.allocation import Allocation, Bundle
from services.settlement.domain.trade import TradeSide
from tests.builders.trades import CEA, MARCH, contract, frozen
from tests.fakes.trades import MemoryAllocations

DAY = date(2025, 2, 10)
BUNDLE = Bundle(DAY, CEA, TradeSide.BUY, tax_inclusive=True)


@dataclass(slots=True)
class TwoAtATime(MemoryAllocations):
    """Allocations that come in pages of two."""

    def list_allocations(self, wanted: RowFilter, page: PageRequest) -> Page[Allocation]:
        """Give the next two after a place."""
        found = MemoryAllocations.list_allocations(self, wanted, PageRequest(1_000)).items
        start = int(page.after[0]) if page.after else 0
        more = start + 2 < len(found)
        return Page(found[start : start + 2], (str(start + 2),) if more else None)


def given(month: Month, bundle: Bundle = BUNDLE, *, count: int = 3) -> Sequence[Allocation]:
    shares = {contract(f"c{index}", 100): (10, 72_000) for index in range(count)}
    return frozen(bundle, month, shares)[bundle]


def test_reads_every_page_of_earlier_months_and_of_the_bundle_alone() -> None:
    sold = BUNDLE._replace(side=TradeSide.SELL)
    january, february = Month(2025, 1), Month(2025, 2)
    rows = {
        january: tuple(given(january)),
        february: (*given(february), *given(february, sold)),
        MARCH: tuple(given(MARCH)),
    }
    found = read_frozen_parts(TwoAtATime(rows), {BUNDLE}, before=MARCH)
    assert found == {BUNDLE: [*given(january), *given(february)]}
