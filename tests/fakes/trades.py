"""What trades ask of rows, the clock, the market and other rooms, answered from memory."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from services.kernel.errors import NotFound
from services.kernel.identifiers import ContractName, CustomerName, TradeName
from services.kernel.instrument import Instrument, InstrumentKind
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.settlement.application.trade_ports import MonthTally, RowFilter
from services.settlement.domain.allocated_month import MonthAllocation
from services.settlement.domain.allocation import (
    Allocation,
    BookedTrade,
    Owner,
    booked_version,
)
from services.settlement.domain.contract import Contract
from services.settlement.domain.pool import PoolPart
from services.settlement.domain.sourced_price import SourcedPrice
from services.settlement.domain.trade import Trade
from services.settlement.domain.trade_checks import MarketDay


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def sourced(price: Decimal | None) -> SourcedPrice | None:
    """A price with a place that it comes from."""
    return None if price is None else SourcedPrice(price, "the close of a day in priceSeries/cea")


@dataclass(frozen=True, slots=True)
class OpenMarket:
    """A market that is open every day, at one close."""

    close: Decimal | None = None
    previous_close: Decimal | None = None

    def __call__(
        self, wanted: Collection[tuple[Instrument, date]]
    ) -> Mapping[tuple[Instrument, date], MarketDay]:
        day = MarketDay(
            is_trading_day=True,
            previous=sourced(self.previous_close),
            transfer=sourced(self.close),
        )
        return dict.fromkeys(wanted, day)


class EveryCustomer:
    """Every customer exists."""

    def __call__(self, names: Collection[CustomerName]) -> frozenset[CustomerName]:
        return frozenset(names)


class NothingHeld:
    """Nothing is recorded as held for anybody."""

    def __call__(self, *, before: Month) -> Mapping[ContractName, int]:
        assert before > Month(1990, 1)
        return {}


@contextmanager
def no_transaction() -> Iterator[None]:
    """A unit of work without a database."""
    yield


@dataclass(slots=True)
class MemoryBooks:
    """Booking months of books whose first open month is told."""

    first_open: Month

    def __call__(self, *, month: Month) -> Month:
        return max(month, self.first_open)


@dataclass(frozen=True, slots=True)
class MemoryContracts:
    """The contracts in force, as far as trades ask for them."""

    contracts: Sequence[Contract]

    def to_settle(self, names: object, *, month: Month) -> tuple[Contract, ...]:
        assert names is not None
        return tuple(c for c in self.contracts if c.delivery_window.start < month.end)

    def concerned(
        self,
        *,
        names: Collection[ContractName],
        customers: Collection[CustomerName],
        month: Month,
    ) -> tuple[Contract, ...]:
        return tuple(
            contract
            for contract in self.to_settle((), month=month)
            if contract.name in names or contract.customer in customers
        )

    def terms_version(self, *, month: Month) -> str:
        return repr(self.to_settle((), month=month))


@dataclass(slots=True)
class MemoryAllocations:
    """Allocations by month, and what each month's came to."""

    rows: dict[Month, tuple[Allocation, ...]] = field(default_factory=dict)
    states: dict[Month, MonthAllocation] = field(default_factory=dict)

    def lock_month(self, month: Month) -> None:
        assert month > Month(1990, 1)

    def taken_before(self, month: Month) -> Mapping[ContractName, int]:
        taken: Counter[ContractName] = Counter()
        for part in self._before(month):
            if part.owner.contract:
                taken[part.owner.contract] += part.figures.tonnes
        return taken

    def replace_month(self, state: MonthAllocation, allocations: Sequence[Allocation]) -> None:
        self.rows[state.month] = tuple(allocations)
        self.states[state.month] = state

    def month_state(self, month: Month) -> MonthAllocation | None:
        return self.states.get(month)

    def list_allocations(self, wanted: RowFilter, page: PageRequest) -> Page[Allocation]:
        found = [part for month, parts in self.rows.items() for part in parts]
        kept = [
            part
            for part in found
            if wanted.month in {None, part.booking_month}
            and wanted.instrument in {None, part.bundle.instrument}
            and (wanted.days is None or part.bundle.trade_date in wanted.days)
        ]
        return Page(tuple(kept[: page.size]))

    def traded_tonnes(
        self, customers: Collection[CustomerName], *, months: Collection[Month]
    ) -> Mapping[tuple[CustomerName, Month, InstrumentKind], int]:
        tonnes: Counter[tuple[CustomerName, Month, InstrumentKind]] = Counter()
        for month in months:
            for part in self.rows.get(month, ()):
                if part.owner.customer and part.owner.customer in customers:
                    key = (part.owner.customer, month, part.bundle.instrument.kind)
                    tonnes[key] += part.figures.tonnes
        return tonnes

    def pool_parts(self, *, through: date) -> Sequence[PoolPart]:
        parts = (part for rows in self.rows.values() for part in rows)
        return [
            PoolPart(part.bundle.instrument, part.bundle.side, part.figures)
            for part in parts
            if part.owner == Owner() and part.bundle.trade_date <= through
        ]

    def _before(self, month: Month) -> Iterator[Allocation]:
        for booked, parts in self.rows.items():
            if booked < month:
                yield from parts


@dataclass(slots=True)
class MemoryTrades:
    """Every version of every trade."""

    allocations: MemoryAllocations
    versions: list[Trade] = field(default_factory=list)

    def lock(self) -> None:
        assert self.versions is not None

    def known(self, external_ids: Collection[str]) -> Mapping[str, Trade]:
        return {t.external_id: t for t in self.versions if t.external_id in external_ids}

    def get(self, name: TradeName) -> Trade:
        found = [trade for trade in self.versions if trade.name == name]
        if not found:
            raise NotFound(name)
        return found[-1]

    def add_all(self, trades: Sequence[Trade]) -> None:
        self.versions += trades

    def list_trades(self, wanted: RowFilter, page: PageRequest) -> Page[Trade]:
        newest = {t.name: t for t in self.versions if wanted.month in {None, t.booking_month}}
        return Page(tuple(newest.values())[: page.size])

    def booked_in(self, month: Month, *, through: date) -> Sequence[BookedTrade]:
        frozen = {t.name: booked_version(t) for t in self.versions if t.booking_month < month}
        newest = {t.name: t for t in self.versions if t.booking_month == month}
        return [
            BookedTrade(
                trade=booked_version(trade),
                frozen=frozen.get(trade.name),
                frozen_in=frozenset(
                    t.booking_month
                    for t in self.versions
                    if t.name == trade.name and t.booking_month < month
                ),
            )
            for trade in newest.values()
            if trade.trade_date <= through
        ]

    def versions_in(self, month: Month, *, through: date) -> str:
        booked = (t for t in self.versions if t.booking_month == month and t.trade_date <= through)
        return str(sum(1 for _ in booked))

    def committed(
        self, contracts: Collection[ContractName], *, before: Month
    ) -> Mapping[ContractName, int]:
        taken: Counter[ContractName] = Counter()
        for trade in {trade.name: trade for trade in self.versions}.values():
            for leg in trade.legs():
                if leg.contract:
                    taken[leg.contract] += trade.tonnes
        for month, parts in self.allocations.rows.items():
            for part in parts:
                if month < before and part.bundle.trade is None and part.owner.contract:
                    taken[part.owner.contract] += part.figures.tonnes
        return {name: tonnes for name, tonnes in taken.items() if name in contracts}

    def tally(self, month: Month) -> MonthTally:
        booked = [b for b in self.booked_in(month, through=month.last_day) if not b.frozen]
        parts = self.allocations.rows.get(month, ())
        return MonthTally(
            trade_count=sum(1 for b in booked if b.trade.figures.tonnes),
            traded_tonnes=sum(b.trade.figures.tonnes * len(b.trade.legs) for b in booked),
            traded_amount_fen=sum(part.figures.amount_fen for part in parts),
            allocated_tonnes=sum(part.figures.tonnes for part in parts),
            allocated_amount_fen=sum(part.figures.amount_fen for part in parts),
            unsettled_tonnes=sum(p.figures.tonnes for p in parts if p.owner.contract is None),
        )
