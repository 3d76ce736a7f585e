"""Contracts in PostgreSQL."""

from collections.abc import Collection

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    any_,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from services.kernel.authority import RunState
from services.kernel.errors import AlreadyExists
from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.instrument import Instrument
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.runtime.unit_of_work import current_connection
from services.settlement.application.settlement_ports import ContractFilter, NameRange
from services.settlement.domain.contract import Contract, ContractState, PromisedPrice
from services.settlement.domain.contract_terms import ContractTerms
from services.settlement.domain.trade import TradeSide
from services.settlement.persistence.contract_mapping import (
    from_contract_row,
    to_contract_row,
    to_price_rows,
    to_state_row,
)
from services.settlement.persistence.contract_terms import terms_to_settle
from services.settlement.persistence.ranges import within
from services.settlement.persistence.tables.contracts import CONTRACTS, PROMISED_PRICES
from services.settlement.persistence.tables.runs import RUNS, SETTLEMENTS
from services.settlement.persistence.tables.trades import TRADES


class PostgresContracts:
    """Reads and writes contracts on the current connection."""

    def add(self, contract: Contract) -> None:
        """Write a new one.

        Raises:
            AlreadyExists.
        """
        statement = upsert(CONTRACTS).values(to_contract_row(contract)).on_conflict_do_nothing()
        written = current_connection().execute(statement.returning(CONTRACTS.c.name)).first()
        if written is None:
            raise AlreadyExists(contract.name)
        current_connection().execute(insert(PROMISED_PRICES), to_price_rows(contract))

    def find(self, name: ContractName, *, lock: bool = False) -> Contract | None:
        """Read one, and lock it if asked."""
        query = select(CONTRACTS).where(CONTRACTS.c.name == name)
        found = _read(query.with_for_update() if lock else query)
        return found[0] if found else None

    def save(self, contract: Contract) -> None:
        """Write a new state of an existing one."""
        statement = update(CONTRACTS).where(CONTRACTS.c.name == contract.name)
        current_connection().execute(statement.values(to_state_row(contract)))

    def list_contracts(self, which: ContractFilter, page: PageRequest) -> Page[Contract]:
        """Read a page by name."""
        query = select(CONTRACTS).order_by(CONTRACTS.c.name).limit(page.size + 1)
        if page.after is not None:
            query = query.where(CONTRACTS.c.name > page.after[0])
        if which.customer is not None:
            query = query.where(CONTRACTS.c.customer == which.customer)
        if which.state is not None:
            query = query.where(CONTRACTS.c.state == which.state.value)
        if which.side is not None:
            query = query.where(CONTRACTS.c.side == which.side.value)
        found = _read(query)
        shown = tuple(found[: page.size])
        return Page(shown, (shown[-1].name,) if len(found) > page.size else None)

    def to_settle(self, names: NameRange, *, month: Month) -> tuple[Contract, ...]:
        """Read, by name, those in force or terminated whose window begins by the month's end."""
        return tuple(
            _read(
                select(CONTRACTS)
                .where(within(CONTRACTS.c.name, names), *_to_settle(month))
                .order_by(CONTRACTS.c.name)
            )
        )

    def concerned(
        self,
        *,
        names: Collection[ContractName],
        customers: Collection[CustomerName],
        month: Month,
    ) -> tuple[Contract, ...]:
        """Read, by name, those of them with one of some names, or of one of some customers."""
        named = CONTRACTS.c.name == any_(literal(sorted(names), ARRAY(Text)))
        owned = CONTRACTS.c.customer == any_(literal(sorted(customers), ARRAY(Text)))
        query = select(CONTRACTS).where(or_(named, owned), *_to_settle(month))
        return tuple(_read(query.order_by(CONTRACTS.c.name)))

    def any_to_settle(self, *, month: Month) -> bool:
        """Tell whether there are such contracts."""
        found = select(CONTRACTS.c.name).where(*_to_settle(month)).limit(1)
        return current_connection().execute(found).first() is not None

    def terms_to_settle(self, names: NameRange, *, month: Month) -> tuple[ContractTerms, ...]:
        """Read the same contracts, and no more of them than a settlement needs."""
        return terms_to_settle(names, month=month)

    def terms_version(self, *, month: Month) -> str:
        """Fingerprint what an allocation follows from of these contracts, without reading them."""
        return str(current_connection().execute(_TERMS_VERSION, {"end": month.end}).scalar_one())

    def settled(self) -> tuple[Contract, ...]:
        """Read, by name, those of which anything is posted."""
        posted = (
            select(SETTLEMENTS.c.contract)
            .join(RUNS, RUNS.c.name == SETTLEMENTS.c.run)
            .where(RUNS.c.state == RunState.POSTED.value)
        )
        query = select(CONTRACTS).where(CONTRACTS.c.name.in_(posted))
        return tuple(_read(query.order_by(CONTRACTS.c.name)))

    def drafts_with_trades(self, *, month: Month) -> tuple[Contract, ...]:
        """Read drafts whose side, instrument and window trades of the month would fit."""
        drafts = _read(
            select(CONTRACTS)
            .where(
                CONTRACTS.c.state == ContractState.DRAFT.value,
                CONTRACTS.c.window_start < month.end,
                CONTRACTS.c.window_end > month.first_day,
            )
            .order_by(CONTRACTS.c.name)
        )
        if not drafts:
            return ()
        traded = current_connection().execute(
            select(TRADES.c.instrument, TRADES.c.side, TRADES.c.trade_date)
            .distinct()
            .where(TRADES.c.booking_month == str(month), TRADES.c.side.is_not(None))
        )
        days = [(Instrument.parse(code), TradeSide(side), day) for code, side, day in traded]
        return tuple(
            draft
            for draft in drafts
            if any(
                draft.would_cover(instrument=instrument, side=side.guarantee_side, day=day)
                for instrument, side, day in days
            )
        )


_TERMS_VERSION = text(
    """
    SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws('|', name, side,
               array_to_string(instruments, ','), window_start, window_end, volume_tonnes,
               tax_inclusive, tax_rate, price_basis, state), E'\\n' ORDER BY name), ''), 'UTF8')),
           'hex')
    FROM settlement.contracts
    WHERE state <> 'DRAFT' AND window_start < :end
    """
)


def _to_settle(month: Month) -> tuple[ColumnElement[bool], ...]:
    in_force = CONTRACTS.c.state != ContractState.DRAFT.value
    return (in_force, CONTRACTS.c.window_start < month.end)


def _read(query: Select[*tuple[object, ...]]) -> list[Contract]:
    """Read contracts, then their promised prices, in two statements."""
    rows = current_connection().execute(query).mappings().all()
    prices = _prices({row["name"] for row in rows})
    return [from_contract_row(row, prices[row["name"]]) for row in rows]


def _prices(contracts: Collection[str]) -> dict[str, list[PromisedPrice]]:
    prices: dict[str, list[PromisedPrice]] = {name: [] for name in contracts}
    if not prices:
        return prices
    table = PROMISED_PRICES.c
    query = (
        select(table.contract, table.effective_date, table.price)
        .where(table.contract == any_(literal(sorted(prices), ARRAY(Text))))
        .order_by(table.contract, table.effective_date)
    )
    for contract, effective_date, price in current_connection().execute(query):
        prices[contract].append(PromisedPrice(effective_date, price))
    return prices
