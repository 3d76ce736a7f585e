"""Allocations in PostgreSQL."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    any_,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.instrument import Instrument, InstrumentKind
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.runtime.database import bulk_insert_lines
from services.runtime.unit_of_work import current_connection
from services.settlement.application.trade_ports import RowFilter
from services.settlement.domain.allocated_month import MonthAllocation
from services.settlement.domain.allocation import (
    Allocation,
    Figures,
)
from services.settlement.domain.pool import PoolPart
from services.settlement.domain.trade import TradeSide
from services.settlement.persistence.day_pages import place_of
from services.settlement.persistence.tables.trades import ALLOCATED_MONTHS, ALLOCATIONS
from services.settlement.persistence.trade_mapping import (
    ALLOCATION_COLUMNS,
    from_allocation_row,
    from_state_row,
    to_allocation_line,
    to_state_row,
)

_LINES_AT_ONCE = 20_000
_TONNES = func.sum(ALLOCATIONS.c.tonnes)


class PostgresAllocations:
    """Reads and writes allocations on the current connection."""

    def lock_month(self, month: Month) -> None:
        """Let one allocation of a month at a time go on, until the transaction ends."""
        row = insert(ALLOCATED_MONTHS).values(month=str(month)).on_conflict_do_nothing()
        current_connection().execute(row)
        mine = select(ALLOCATED_MONTHS.c.month).where(ALLOCATED_MONTHS.c.month == str(month))
        current_connection().execute(mine.with_for_update())

    def taken_before(self, month: Month) -> Mapping[ContractName, int]:
        """Add up the tonnes that earlier months gave each contract."""
        contract = ALLOCATIONS.c.contract
        earlier = ALLOCATIONS.c.booking_month < str(month)
        query = select(contract, _TONNES).where(contract.is_not(None), earlier).group_by(contract)
        rows = current_connection().execute(query)
        return {ContractName(name): int(tonnes) for name, tonnes in rows}

    def replace_month(self, state: MonthAllocation, allocations: Sequence[Allocation]) -> None:
        """Write a month's allocations in place of those it had; the month is locked."""
        month = str(state.month)
        current_connection().execute(
            delete(ALLOCATIONS).where(ALLOCATIONS.c.booking_month == month)
        )
        alike = {"booking_month": month, "currency": "CNY"}
        lines = sorted(map(to_allocation_line, allocations))  # by name: see PostgresEntries
        for start in range(0, len(lines), _LINES_AT_ONCE):
            some = lines[start : start + _LINES_AT_ONCE]
            bulk_insert_lines(ALLOCATIONS, ALLOCATION_COLUMNS, some, alike=alike)
        mine = ALLOCATED_MONTHS.c.month == month
        current_connection().execute(
            update(ALLOCATED_MONTHS).where(mine).values(to_state_row(state))
        )

    def month_state(self, month: Month) -> MonthAllocation | None:
        """Read what a month's last allocation came to; None before the first."""
        query = select(ALLOCATED_MONTHS).where(ALLOCATED_MONTHS.c.month == str(month))
        row = current_connection().execute(query).mappings().first()
        return None if row is None or row["input_version"] is None else from_state_row(row)

    def list_allocations(self, wanted: RowFilter, page: PageRequest) -> Page[Allocation]:
        """Read allocations by trade date and name."""
        query = select(ALLOCATIONS).where(*_conditions(wanted))
        day_column, name_column = ALLOCATIONS.c.trade_date, ALLOCATIONS.c.name
        if page.after is not None:
            after, name = place_of(page.after)
            query = query.where(
                or_(day_column > after, and_(day_column == after, name_column > name))
            )
        ordered = query.order_by(day_column, name_column).limit(page.size + 1)
        rows = current_connection().execute(ordered).mappings().all()
        found = tuple(from_allocation_row(row) for row in rows[: page.size])
        if len(rows) <= page.size:
            return Page(found)
        last = rows[page.size - 1]
        return Page(found, (last["trade_date"].isoformat(), last["name"]))

    def traded_tonnes(
        self, customers: Collection[CustomerName], *, months: Collection[Month]
    ) -> Mapping[tuple[CustomerName, Month, InstrumentKind], int]:
        """Add up allocated tonnes per customer, month and kind, both sides, transfers too."""
        customer, month = ALLOCATIONS.c.customer, ALLOCATIONS.c.booking_month
        kind = func.split_part(ALLOCATIONS.c.instrument, "-", 1)
        query = (
            select(customer, month, kind, _TONNES)
            .where(customer == _any_of(customers), month == _any_of(map(str, months)))
            .group_by(customer, month, kind)
        )
        return {
            (CustomerName(name), Month.parse(booked), InstrumentKind(code)): int(tonnes)
            for name, booked, code, tonnes in current_connection().execute(query)
        }

    def pool_parts(self, *, through: date) -> Sequence[PoolPart]:
        """Add up what fell to the pool up to a trade date, by instrument and side."""
        key = [ALLOCATIONS.c.instrument, ALLOCATIONS.c.side]
        sums = [func.sum(ALLOCATIONS.c[name]) for name in ("tonnes", "amount", "fees")]
        mine = [ALLOCATIONS.c.contract.is_(None), ALLOCATIONS.c.customer.is_(None)]
        counts = ALLOCATIONS.c.trade_date <= through
        query = select(*key, *sums).where(*mine, counts).group_by(*key).order_by(*key)
        return [
            PoolPart(
                Instrument.parse(instrument),
                TradeSide(side),
                Figures(int(tonnes), int(amount), int(fees)),
            )
            for instrument, side, tonnes, amount, fees in current_connection().execute(query)
        ]


def _any_of(words: Iterable[str]) -> ColumnElement[bool]:
    """Hold a column against many words at once: one parameter, however many they are."""
    return any_(literal(list(words), ARRAY(Text)))


def _conditions(wanted: RowFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.month is not None:
        conditions.append(ALLOCATIONS.c.booking_month == str(wanted.month))
    if wanted.days is not None:
        conditions.append(ALLOCATIONS.c.trade_date >= wanted.days.start)
        conditions.append(ALLOCATIONS.c.trade_date < wanted.days.end)
    if wanted.instrument is not None:
        conditions.append(ALLOCATIONS.c.instrument == wanted.instrument.code)
    if wanted.contract is not None:
        conditions.append(ALLOCATIONS.c.contract == wanted.contract)
    if wanted.customer is not None:
        conditions.append(ALLOCATIONS.c.customer == wanted.customer)
    return conditions
