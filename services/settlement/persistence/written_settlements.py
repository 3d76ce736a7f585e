"""What a run wrote when it was calculated, read in bulk to be posted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import cast

from sqlalchemy import Select, and_, select

from services.kernel.identifiers import ContractName, CustomerName, RunName
from services.kernel.period import Month
from services.runtime.unit_of_work import current_connection
from services.settlement.application.settlement_ports import NameRange
from services.settlement.domain.bookings import PoolMovement
from services.settlement.domain.guarantee import Figure
from services.settlement.domain.settlement import Settlement, SettlementRow
from services.settlement.domain.trade import TradeSide
from services.settlement.persistence.ranges import within
from services.settlement.persistence.tables.runs import POOL_ROWS, SETTLEMENT_ROWS, SETTLEMENTS

_Read = tuple[ContractName, CustomerName, str, Mapping[str, int], str, str, *tuple[int, ...]]
_FIGURES = len(Figure._fields)


def settlements_of_run(run: RunName, names: NameRange) -> Callable[[], tuple[Settlement, ...]]:
    """Read what a run wrote for a range of contracts, rows in order of origin.

    Only the rows are read; calling what is given makes settlements of them, by contract.
    """
    rows = cast("Sequence[_Read]", current_connection().execute(_query(run, names)).all())
    return partial(_settlements, run, rows)


def _settlements(run: RunName, rows: Sequence[_Read]) -> tuple[Settlement, ...]:
    return tuple(_settlement(run, list(of)) for _, of in groupby(rows, key=itemgetter(0)))


def pool_of_run(run: RunName) -> tuple[PoolMovement, ...]:
    """Read what a run moves of the pool, by instrument and side."""
    table = POOL_ROWS.c
    query = select(table.instrument, table.side, table.tonnes, table.amount, table.fees)
    query = query.where(table.run == run).order_by(table.instrument, table.side)
    rows = current_connection().execute(query)
    return tuple(
        PoolMovement(
            instrument_code=code, side=TradeSide(side), tonnes=tonnes, amount=amount, fees=fees
        )
        for code, side, tonnes, amount, fees in rows
    )


def _query(run: RunName, names: NameRange) -> Select[*tuple[object, ...]]:
    head, row = SETTLEMENTS.c, SETTLEMENT_ROWS.c
    return (
        select(
            *(head.contract, head.customer, head.month, head.custody, head.inputs),
            row.origin_month,
            *(head[word] for word in Figure._fields),
            *(row[word] for word in Figure._fields),
            *(row.gain_net, row.share_net, row.tax),
        )
        .join(SETTLEMENT_ROWS, and_(row.contract == head.contract, row.run == head.run))
        .where(head.run == run, within(head.contract, names))
        .order_by(head.contract, row.origin_month)
    )


def _settlement(run: RunName, rows: Sequence[_Read]) -> Settlement:
    contract, customer, month, custody, inputs, _, *figures = rows[0]
    return Settlement(
        run=run,
        month=Month.parse(month),
        contract=contract,
        customer=customer,
        figure=Figure(*figures[:_FIGURES]),
        rows=tuple(_origin_rows(rows)),
        inputs=inputs,
        custody=custody,
    )


def _origin_rows(rows: Sequence[_Read]) -> Iterator[SettlementRow]:
    for _, _, _, _, _, origin, *figures in rows:
        moved = Figure(*figures[_FIGURES : 2 * _FIGURES])
        gain_net, share_net, tax = figures[2 * _FIGURES :]
        yield SettlementRow(Month.parse(origin), moved, gain_net, share_net, tax)
