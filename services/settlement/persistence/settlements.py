"""Settlements and their rows in PostgreSQL; written in bulk, never changed."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from sqlalchemy import BigInteger, RowMapping, Select, and_, func, insert, select, tuple_
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.kernel.authority import RunState
from services.kernel.identifiers import ContractName, RunName, SettlementName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.runtime.database import bulk_insert_lines
from services.runtime.unit_of_work import current_connection
from services.settlement.application.settlement_ports import (
    NameRange,
    PostedResult,
    SettlementFilter,
    SettlementView,
)
from services.settlement.domain.bookings import PoolMovement
from services.settlement.domain.guarantee import Figure
from services.settlement.domain.run import RunKind
from services.settlement.domain.settlement import Settlement, SettlementRow
from services.settlement.persistence.run_mapping import (
    ROW_COLUMNS,
    SETTLEMENT_COLUMNS,
    from_origin_row,
    from_settlement_row,
    to_row_lines,
    to_settlement_line,
)
from services.settlement.persistence.tables.runs import (
    POOL_ROWS,
    RUNS,
    SETTLEMENT_ROWS,
    SETTLEMENTS,
)
from services.settlement.persistence.written_settlements import pool_of_run, settlements_of_run

_STANDS = ("CALCULATED", "REVIEWED", "APPROVED", "POSTED")


class PostgresSettlements:
    """Reads and writes settlements on the current connection."""

    def add_all(self, settlements: Sequence[Settlement]) -> None:
        """Write new ones with their rows."""
        lines = [to_settlement_line(each) for each in settlements]
        bulk_insert_lines(SETTLEMENTS, SETTLEMENT_COLUMNS, lines)
        rows = [line for each in settlements for line in to_row_lines(each)]
        bulk_insert_lines(SETTLEMENT_ROWS, ROW_COLUMNS, rows)

    def add_pool(self, run: RunName, movements: Sequence[PoolMovement]) -> None:
        """Write what a run moves of the pool."""
        if not movements:
            return
        month = select(RUNS.c.month).where(RUNS.c.name == run).scalar_subquery()
        rows = [
            {
                "run": run,
                "instrument": moved.instrument_code,
                "side": moved.side.value,
                "tonnes": moved.tonnes,
                "amount": moved.amount,
                "fees": moved.fees,
            }
            for moved in movements
        ]
        current_connection().execute(insert(POOL_ROWS).values(month=month), rows)

    def of_run(self, run: RunName, names: NameRange) -> Callable[[], tuple[Settlement, ...]]:
        """Read what a run wrote for a range of contracts, to be made into settlements later."""
        return settlements_of_run(run, names)

    def pool_of(self, run: RunName) -> tuple[PoolMovement, ...]:
        """Read what a run moves of the pool, by instrument and side."""
        return pool_of_run(run)

    def posted_results(self, *, through: Month) -> tuple[PostedResult, ...]:
        """Sum rows that runs of months up to one posted, by contract and month of origin."""
        table = SETTLEMENT_ROWS.c
        sums = [sql_cast(func.sum(table[word]), BigInteger) for word in Figure._fields]
        names = func.array_agg(aggregate_order_by(SETTLEMENTS.c.name, SETTLEMENTS.c.name))
        same = and_(SETTLEMENTS.c.contract == table.contract, SETTLEMENTS.c.run == table.run)
        query = (
            select(table.contract, table.origin_month, names, *sums)
            .join(SETTLEMENTS, same)
            .join(RUNS, RUNS.c.name == table.run)
            .where(RUNS.c.state == RunState.POSTED.value, RUNS.c.month <= str(through))
            .group_by(table.contract, table.origin_month)
            .order_by(table.contract, table.origin_month)
        )
        rows = cast(
            "Sequence[tuple[ContractName, str, list[SettlementName], *tuple[int, ...]]]",
            current_connection().execute(query).all(),
        )
        return tuple(
            PostedResult(
                contract=contract,
                origin=Month.parse(origin),
                figure=Figure(*figures),
                sources=tuple(sources),
            )
            for contract, origin, sources, *figures in rows
        )

    def find(self, name: SettlementName) -> SettlementView | None:
        """Read one."""
        found = _read(_settlements().where(SETTLEMENTS.c.name == name))
        return found[0] if found else None

    def list_settlements(self, which: SettlementFilter, page: PageRequest) -> Page[SettlementView]:
        """Read a page by name."""
        query = _filtered(which).order_by(SETTLEMENTS.c.name).limit(page.size + 1)
        if page.after is not None:
            query = query.where(SETTLEMENTS.c.name > page.after[0])
        found = _read(query)
        shown = tuple(found[: page.size])
        more = len(found) > page.size
        return Page(shown, (shown[-1].settlement.name,) if more else None)


def _settlements() -> Select[*tuple[object, ...]]:
    return select(SETTLEMENTS, RUNS.c.state, RUNS.c.kind).join(
        RUNS, RUNS.c.name == SETTLEMENTS.c.run
    )


def _filtered(which: SettlementFilter) -> Select[*tuple[object, ...]]:
    query = _settlements()
    if which.run is not None:
        query = query.where(SETTLEMENTS.c.run == which.run)
    else:
        stands = and_(RUNS.c.kind != RunKind.PROVISIONAL.value, RUNS.c.state.in_(_STANDS))
        query = query.where(stands)
    if which.month is not None:
        query = query.where(SETTLEMENTS.c.month == str(which.month))
    if which.contract is not None:
        query = query.where(SETTLEMENTS.c.contract == which.contract)
    if which.customer is not None:
        query = query.where(SETTLEMENTS.c.customer == which.customer)
    if which.posted_only:
        query = query.where(RUNS.c.state == RunState.POSTED.value)
    return query


def _read(query: Select[*tuple[object, ...]]) -> list[SettlementView]:
    rows = current_connection().execute(query).mappings().all()
    origin_rows = _origin_rows(rows)
    return [
        SettlementView(
            from_settlement_row(row, origin_rows[row["contract"], row["run"]]),
            RunState(row["state"]),
            RunKind(row["kind"]),
        )
        for row in rows
    ]


def _origin_rows(
    settlements: Sequence[RowMapping],
) -> Mapping[tuple[str, str], list[SettlementRow]]:
    """Read the rows of settlements by contract and run, each in order of origin."""
    found: dict[tuple[str, str], list[SettlementRow]] = defaultdict(list)
    keys = [(row["contract"], row["run"]) for row in settlements]
    table = SETTLEMENT_ROWS.c
    query = select(SETTLEMENT_ROWS).where(tuple_(table.contract, table.run).in_(keys))
    for row in current_connection().execute(query.order_by(table.origin_month)).mappings():
        found[row["contract"], row["run"]].append(from_origin_row(row))
    return found
