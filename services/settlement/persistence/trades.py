"""Trades in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from services.kernel.errors import NotFound
from services.kernel.identifiers import ContractName, TradeName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.runtime.database import bulk_insert
from services.runtime.unit_of_work import current_connection
from services.settlement.application.trade_ports import MonthTally, RowFilter
from services.settlement.domain.allocation import BookedTrade
from services.settlement.domain.trade import Trade
from services.settlement.persistence.booked_trades import booked_in
from services.settlement.persistence.day_pages import place_of
from services.settlement.persistence.tables.trades import TRADES
from services.settlement.persistence.trade_mapping import from_trade_row, to_trade_row
from services.settlement.persistence.trade_statements import COMMITTED, TALLY, VERSIONS

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('settlement.trades', 0))")


class PostgresTrades:
    """Reads and writes trades on the current connection."""

    def lock(self) -> None:
        """Let one recorder or corrector at a time go on, until the transaction ends.

        So that two batches cannot both take the last tonnes of a contract, or one external id.
        """
        current_connection().execute(_LOCK)

    def known(self, external_ids: Collection[str]) -> Mapping[str, Trade]:
        """Find the newest versions of those that are recorded already, by external id."""
        query = (
            select(TRADES)
            .ext(distinct_on(TRADES.c.external_id))
            .where(TRADES.c.external_id == func.any(sorted(external_ids)))
            .order_by(TRADES.c.external_id, TRADES.c.version.desc())
        )
        return {trade.external_id: trade for trade in _read(query)}

    def get(self, name: TradeName) -> Trade:
        """Read the newest version.

        Raises:
            NotFound.
        """
        query = select(TRADES).where(TRADES.c.name == name).order_by(TRADES.c.version.desc())
        for trade in _read(query.limit(1)):
            return trade
        raise NotFound(name)

    def add_all(self, trades: Sequence[Trade]) -> None:
        """Write versions that are new."""
        bulk_insert(TRADES, [to_trade_row(trade) for trade in trades])

    def list_trades(self, wanted: RowFilter, page: PageRequest) -> Page[Trade]:
        """Read newest versions by trade date and name."""
        query = select(TRADES).where(_is_newest(), *_conditions(wanted))
        if page.after is not None:
            after, name = place_of(page.after)
            query = query.where(
                or_(
                    TRADES.c.trade_date > after,
                    and_(TRADES.c.trade_date == after, TRADES.c.name > name),
                )
            )
        ordered = query.order_by(TRADES.c.trade_date, TRADES.c.name).limit(page.size + 1)
        trades = _read(ordered)
        if len(trades) <= page.size:
            return Page(tuple(trades))
        last = trades[page.size - 1]
        return Page(tuple(trades[: page.size]), (last.trade_date.isoformat(), last.name))

    def booked_in(self, month: Month, *, through: date) -> Sequence[BookedTrade]:
        """Read what a month has to allocate, up to a trade date, by name."""
        return booked_in(month, through=through)

    def versions_in(self, month: Month, *, through: date) -> str:
        """Name the state of the versions that ``booked_in`` reads, without reading them out."""
        inputs = {"month": str(month), "through": through}
        return str(current_connection().execute(VERSIONS, inputs).scalar_one())

    def committed(
        self, contracts: Collection[ContractName], *, before: Month
    ) -> Mapping[ContractName, int]:
        """Add up, per contract, what is earmarked or transferred, and what bundles gave it before.

        ``before`` is the first open month: what its own bundles gave may still move.
        """
        asked = {"contracts": sorted(contracts), "before": str(before)}
        rows = current_connection().execute(COMMITTED, asked)
        return {ContractName(contract): int(tonnes) for contract, tonnes in rows}

    def tally(self, month: Month) -> MonthTally:
        """Add up a month's trades and allocations."""
        row = current_connection().execute(TALLY, {"month": str(month)}).one()
        return MonthTally(*(int(figure) for figure in row))


def _read(query: Select[tuple[object, ...]]) -> list[Trade]:
    rows = current_connection().execute(query).mappings()
    return [from_trade_row(row) for row in rows]


def _is_newest() -> ColumnElement[bool]:
    later = TRADES.alias("later")
    return ~exists().where(later.c.name == TRADES.c.name, later.c.version > TRADES.c.version)


def _conditions(wanted: RowFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.month is not None:
        conditions.append(TRADES.c.booking_month == str(wanted.month))
    if wanted.days is not None:
        conditions.append(TRADES.c.trade_date >= wanted.days.start)
        conditions.append(TRADES.c.trade_date < wanted.days.end)
    if wanted.instrument is not None:
        conditions.append(TRADES.c.instrument == wanted.instrument.code)
    if wanted.contract is not None:
        in_buyer = TRADES.c.buyer_contract == wanted.contract
        conditions.append(or_(in_buyer, TRADES.c.seller_contract == wanted.contract))
    if wanted.customer is not None:
        bought = TRADES.c.buyer == wanted.customer
        conditions.append(or_(bought, TRADES.c.seller == wanted.customer))
    if wanted.mode is not None:
        conditions.append(TRADES.c.mode == wanted.mode.value)
    return conditions
