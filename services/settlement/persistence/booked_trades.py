"""The trades that a month has to allocate, read without what an allocation does not need."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.kernel.identifiers import ContractName, CustomerName, TradeName
from services.kernel.period import Month
from services.runtime.unit_of_work import current_connection
from services.settlement.domain.allocation import BookedTrade, BookedVersion, Figures
from services.settlement.domain.trade import Leg, TradeSide, legs_of
from services.settlement.persistence.tables.trades import TRADES
from services.settlement.persistence.trade_mapping import instrument_of

_ROWS_AT_ONCE = 5_000
_SIDES: Mapping[str | None, TradeSide | None] = {None: None, **{s.value: s for s in TradeSide}}
_T = TRADES.c
_COLUMNS = (
    *(_T.name, _T.version, _T.trade_date, _T.instrument, _T.side, _T.tax_inclusive),
    *(_T.buyer, _T.buyer_contract, _T.seller, _T.seller_contract),
    *(_T.tonnes, _T.amount, _T.fees),
)


class _Row(NamedTuple):
    name: TradeName
    version: int
    trade_date: date
    instrument: str
    side: str | None
    tax_inclusive: bool
    buyer: CustomerName | None
    buyer_contract: ContractName | None
    seller: CustomerName | None
    seller_contract: ContractName | None
    tonnes: int
    amount: int
    fees: int


def booked_in(month: Month, *, through: date) -> list[BookedTrade]:
    """Read what a month has to allocate, up to a trade date, by name."""
    newest = list(_versions(_T.booking_month == str(month), _T.trade_date <= through))
    corrected = [trade.name for version, trade in newest if version > 1]
    earlier, named = _T.booking_month < str(month), _T.name == func.any(corrected)
    frozen = {trade.name: trade for _, trade in _versions(earlier, named)} if corrected else {}
    months = _months_that_added_tonnes(earlier, named) if corrected else {}
    return [
        BookedTrade(
            trade=trade,
            frozen=frozen.get(trade.name),
            frozen_in=frozenset(months.get(trade.name, ())),
        )
        for _, trade in newest
    ]


def _versions(*conditions: ColumnElement[bool]) -> Iterator[tuple[int, BookedVersion]]:
    """Read the newest versions, with their numbers; some at a time, since they are many."""
    query = _newest(*conditions).execution_options(yield_per=_ROWS_AT_ONCE)
    for row in cast("Iterable[_Row]", current_connection().execute(query)):
        yield row.version, _from_row(row)


def _newest(*conditions: ColumnElement[bool]) -> Select[*tuple[object, ...]]:
    query = select(*_COLUMNS).ext(distinct_on(_T.name)).where(*conditions)
    return query.order_by(_T.name, _T.version.desc())


def _from_row(row: _Row) -> BookedVersion:
    side = _SIDES[row.side]
    bought = Leg(TradeSide.BUY, row.buyer, row.buyer_contract)
    sold = Leg(TradeSide.SELL, row.seller, row.seller_contract)
    return BookedVersion(
        row.name,
        row.trade_date,
        instrument_of(row.instrument),
        side,
        row.tax_inclusive,
        legs_of(side, bought, sold),
        Figures(row.tonnes, row.amount, row.fees),
    )


def _months_that_added_tonnes(
    *conditions: ColumnElement[bool],
) -> Mapping[TradeName, set[Month]]:
    """Tell which months booked versions with more tonnes than the one before."""
    query = select(_T.name, _T.booking_month, _T.tonnes).where(*conditions)
    months: dict[TradeName, set[Month]] = defaultdict(set)
    before: dict[TradeName, int] = {}
    for name, booking_month, tonnes in current_connection().execute(
        query.order_by(_T.name, _T.version)
    ):
        if tonnes > before.get(name, 0):
            months[name].add(Month.parse(booking_month))
        before[name] = tonnes
    return months
