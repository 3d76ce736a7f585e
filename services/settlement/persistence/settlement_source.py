"""What settlements are computed from, in few statements whatever the number of contracts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import BigInteger, Select, and_, func, select, true
from sqlalchemy import cast as sql_cast

from services.kernel.authority import RunState
from services.kernel.identifiers import ContractName
from services.kernel.period import Month
from services.runtime.unit_of_work import current_connection
from services.settlement.application.settlement_ports import Delivered, NameRange, Posted
from services.settlement.domain.bookings import PoolMovement
from services.settlement.domain.guarantee import Delivery, Figure, MonthOfOrigin
from services.settlement.domain.trade import TradeSide
from services.settlement.persistence.inputs_version import hold_allocations, inputs_version
from services.settlement.persistence.ranges import within
from services.settlement.persistence.tables.contracts import PROMISED_PRICES
from services.settlement.persistence.tables.runs import (
    POOL_ROWS,
    RUNS,
    SETTLEMENT_ROWS,
    SETTLEMENTS,
)
from services.settlement.persistence.tables.trades import ALLOCATIONS


@dataclass(slots=True)
class _Tally:
    deliveries: dict[str, dict[int, list[int]]] = field(default_factory=dict)
    custody: dict[str, int] = field(default_factory=dict)
    touched: bool = False


class PostgresSettlementSource:
    """Sums allocations and posted rows on the current connection."""

    def delivered(self, names: NameRange, *, month: Month) -> Mapping[ContractName, Delivered]:
        """Sum allocations booked up to a month, by contract, month of origin and price."""
        tallies: dict[ContractName, _Tally] = defaultdict(_Tally)
        rows = cast(
            "Sequence[tuple[ContractName, str, int, str, int, int, int, bool]]",
            current_connection().execute(_deliveries(names, month)).all(),
        )
        for contract, origin, place, instrument, tonnes, amount, fees, touched in rows:
            tally = tallies[contract]
            sums = tally.deliveries.setdefault(origin, {}).setdefault(place, [0, 0, 0])
            sums[0] += tonnes
            sums[1] += amount
            sums[2] += fees
            tally.custody[instrument] = tally.custody.get(instrument, 0) + tonnes
            tally.touched = tally.touched or touched
        return {contract: _delivered(tally) for contract, tally in tallies.items()}

    def posted(self, names: NameRange) -> Mapping[ContractName, Posted]:
        """Sum the rows of posted runs, by contract and month of origin."""
        months: dict[ContractName, dict[Month, Figure]] = defaultdict(dict)
        rows = cast(
            "Sequence[tuple[ContractName, str, int, int, int, int, int, int, int, int]]",
            current_connection().execute(_posted_rows(names)).all(),
        )
        for contract, origin, *sums in rows:
            months[contract][Month.parse(origin)] = Figure(*sums)
        custody: dict[ContractName, dict[str, int]] = defaultdict(dict)
        held = cast(
            "Sequence[tuple[ContractName, str, int]]",
            current_connection().execute(_posted_custody(names)).all(),
        )
        for contract, code, tonnes in held:
            custody[contract][code] = tonnes
        return {
            contract: Posted(months.get(contract, {}), custody.get(contract, {}))
            for contract in {*months, *custody}
        }

    def pool(self, *, month: Month) -> tuple[PoolMovement, ...]:
        """Sum what fell to the pool in a month, less what is posted of it; by instrument, side."""
        sums: dict[tuple[str, str], list[int]] = {}
        for sign, query in ((1, _pool_parts(month)), (-1, _pool_posted(month))):
            rows = cast(
                "Sequence[tuple[str, str, int, int, int]]",
                current_connection().execute(query).all(),
            )
            for code, side, *parts in rows:
                kept = sums.setdefault((code, side), [0, 0, 0])
                for place, part in enumerate(parts):
                    kept[place] += sign * part
        return tuple(
            PoolMovement(
                instrument_code=code,
                side=TradeSide(side),
                tonnes=tonnes,
                amount=amount,
                fees=fees,
            )
            for (code, side), (tonnes, amount, fees) in sorted(sums.items())
            if tonnes or amount or fees
        )

    def version(self, *, month: Month) -> str:
        """Name the state of all that a month's settlements follow from."""
        return inputs_version(month)

    def hold(self, *, month: Month) -> None:
        """Let nobody change allocations up to a month until the transaction ends."""
        hold_allocations(month)


def _delivered(tally: _Tally) -> Delivered:
    months = {
        Month.parse(origin): MonthOfOrigin(
            Month.parse(origin),
            tuple(Delivery(place, *sums) for place, sums in sorted(by_price.items())),
        )
        for origin, by_price in tally.deliveries.items()
    }
    return Delivered(months, tally.custody, tally.touched)


def _deliveries(names: NameRange, month: Month) -> Select[*tuple[object, ...]]:
    table, later = ALLOCATIONS.c, PROMISED_PRICES.c
    # Only prices after the first are looked up; hardly any contract has one.
    in_force = and_(
        later.contract == table.contract,
        later.place > 0,
        table.trade_date >= later.effective_date,
        table.trade_date < later.end_date,
    )
    place = func.coalesce(later.place, 0)
    sums = (table.tonnes, table.contract_amount, table.contract_fees)
    return (
        select(
            table.contract,
            table.origin_month,
            place,
            table.instrument,
            *(sql_cast(func.sum(column), BigInteger) for column in sums),
            func.bool_or(table.booking_month == str(month)),
        )
        .outerjoin(PROMISED_PRICES, in_force)
        .where(
            table.contract.is_not(None),
            within(table.contract, names),
            table.booking_month <= str(month),
        )
        .group_by(table.contract, table.origin_month, place, table.instrument)
    )


def _posted_rows(names: NameRange) -> Select[*tuple[object, ...]]:
    table = SETTLEMENT_ROWS.c
    sums = [table[word] for word in Figure._fields]
    return (
        select(
            table.contract,
            table.origin_month,
            *(sql_cast(func.sum(column), BigInteger) for column in sums),
        )
        .where(within(table.contract, names), table.run.in_(_posted_runs()))
        .group_by(table.contract, table.origin_month)
    )


def _posted_custody(names: NameRange) -> Select[*tuple[object, ...]]:
    each = func.jsonb_each_text(SETTLEMENTS.c.custody).table_valued("key", "value")
    tonnes = sql_cast(func.sum(sql_cast(each.c.value, BigInteger)), BigInteger)
    return (
        select(SETTLEMENTS.c.contract, each.c.key, tonnes)
        .join(each, true())
        .where(within(SETTLEMENTS.c.contract, names), SETTLEMENTS.c.run.in_(_posted_runs()))
        .group_by(SETTLEMENTS.c.contract, each.c.key)
    )


def _posted_runs() -> Select[str]:
    return select(RUNS.c.name).where(RUNS.c.state == RunState.POSTED.value)


def _pool_parts(month: Month) -> Select[*tuple[object, ...]]:
    table = ALLOCATIONS.c
    sums = (table.tonnes, table.amount, table.fees)
    return (
        select(
            table.instrument,
            table.side,
            *(sql_cast(func.sum(column), BigInteger) for column in sums),
        )
        .where(
            table.booking_month == str(month), table.contract.is_(None), table.customer.is_(None)
        )
        .group_by(table.instrument, table.side)
    )


def _pool_posted(month: Month) -> Select[*tuple[object, ...]]:
    table = POOL_ROWS.c
    sums = (table.tonnes, table.amount, table.fees)
    return (
        select(
            table.instrument,
            table.side,
            *(sql_cast(func.sum(column), BigInteger) for column in sums),
        )
        .where(table.month == str(month), table.run.in_(_posted_runs()))
        .group_by(table.instrument, table.side)
    )
