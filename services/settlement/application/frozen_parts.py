"""Reads what closed months allocated of the bundles that a month corrects."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from services.kernel.instrument import Instrument
from services.kernel.page import PageRequest
from services.kernel.period import Month, Period
from services.settlement.application.trade_ports import Allocations, RowFilter
from services.settlement.domain.allocation import Allocation, Bundle, FrozenParts

_PAGE = 5_000


def read_frozen_parts(
    allocations: Allocations, bundles: Collection[Bundle], *, before: Month
) -> FrozenParts:
    """Read them, day by day: few bundles are ever corrected."""
    parts: dict[Bundle, list[Allocation]] = defaultdict(list)
    for day, instrument in sorted({(b.trade_date, b.instrument) for b in bundles}):
        for part in _of_day(allocations, day, instrument):
            if part.booking_month < before and part.bundle in bundles:
                parts[part.bundle].append(part)
    return parts


def _of_day(allocations: Allocations, day: date, instrument: Instrument) -> Iterator[Allocation]:
    wanted = RowFilter(days=Period(day, day + timedelta(days=1)), instrument=instrument)
    page = allocations.list_allocations(wanted, PageRequest(_PAGE))
    yield from page.items
    while page.next_after is not None:
        page = allocations.list_allocations(wanted, PageRequest(_PAGE, page.next_after))
        yield from page.items
