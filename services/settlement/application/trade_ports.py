"""What trades and their allocation need from outside: rows, other rooms, the market."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.kernel.identifiers import ContractName, CustomerName, TradeName
from services.kernel.instrument import Instrument, InstrumentKind
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month, Period
from services.settlement.application.settlement_ports import NameRange
from services.settlement.domain.allocated_month import MonthAllocation
from services.settlement.domain.allocation import Allocation, BookedTrade
from services.settlement.domain.contract import Contract
from services.settlement.domain.pool import PoolPart
from services.settlement.domain.trade import Trade, TradeMode
from services.settlement.domain.trade_checks import MarketDay


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFilter:
    """Which trades or allocations are wanted; None lets all through. ``mode`` is of trades only."""

    month: Month | None = None
    days: Period | None = None
    instrument: Instrument | None = None
    contract: ContractName | None = None
    customer: CustomerName | None = None
    mode: TradeMode | None = None


@dataclass(frozen=True, slots=True)
class MonthTally:
    """What a month's trades and allocations add up to: an internal transfer counts on both sides.

    Money in fen, in the trades' own tax bases. ``trade_count`` counts what is not cancelled.
    ``unsettled_tonnes``: the allocated part that no contract settles, of the pool and of customers
    without a contract.
    """

    trade_count: int
    traded_tonnes: int
    traded_amount_fen: int
    allocated_tonnes: int
    allocated_amount_fen: int
    unsettled_tonnes: int

    @property
    def agrees(self) -> bool:
        """Tell whether all that was traded is allocated, and nothing else."""
        return (self.traded_tonnes, self.traded_amount_fen) == (
            self.allocated_tonnes,
            self.allocated_amount_fen,
        )


class Trades(Protocol):
    """Every version of every trade."""

    def lock(self) -> None:
        """Let one recorder or corrector at a time go on, until the transaction ends."""
        ...

    def known(self, external_ids: Collection[str]) -> Mapping[str, Trade]:
        """Find the newest versions of those that are recorded already, by external id."""
        ...

    def get(self, name: TradeName) -> Trade:
        """Read the newest version.

        Raises:
            NotFound.
        """
        ...

    def add_all(self, trades: Sequence[Trade]) -> None:
        """Write versions that are new."""
        ...

    def list_trades(self, wanted: RowFilter, page: PageRequest) -> Page[Trade]:
        """Read newest versions by trade date and name."""
        ...

    def booked_in(self, month: Month, *, through: date) -> Sequence[BookedTrade]:
        """Read what a month has to allocate, up to a trade date, by name."""
        ...

    def versions_in(self, month: Month, *, through: date) -> str:
        """Fingerprint the versions that ``booked_in`` reads."""
        ...

    def committed(
        self, contracts: Collection[ContractName], *, before: Month
    ) -> Mapping[ContractName, int]:
        """Add up, per contract, what is earmarked or transferred, and what bundles gave it before.

        ``before`` is the first open month: what its own bundles gave may still move.
        """
        ...

    def tally(self, month: Month) -> MonthTally:
        """Add up a month's trades and allocations."""
        ...


class Allocations(Protocol):
    """Allocations, and the state of each month's."""

    def lock_month(self, month: Month) -> None:
        """Let one allocation of a month at a time go on, until the transaction ends."""
        ...

    def taken_before(self, month: Month) -> Mapping[ContractName, int]:
        """Add up the tonnes that earlier months gave each contract."""
        ...

    def replace_month(self, state: MonthAllocation, allocations: Sequence[Allocation]) -> None:
        """Write a month's allocations in place of those it had."""
        ...

    def month_state(self, month: Month) -> MonthAllocation | None:
        """Read what a month's last allocation came to; None before the first."""
        ...

    def list_allocations(self, wanted: RowFilter, page: PageRequest) -> Page[Allocation]:
        """Read allocations by trade date and name."""
        ...

    def traded_tonnes(
        self, customers: Collection[CustomerName], *, months: Collection[Month]
    ) -> Mapping[tuple[CustomerName, Month, InstrumentKind], int]:
        """Add up allocated tonnes per customer, month and kind, both sides, transfers too."""
        ...

    def pool_parts(self, *, through: date) -> Sequence[PoolPart]:
        """Add up what fell to the pool up to a trade date, by instrument and side."""
        ...


class ContractsInForce(Protocol):
    """The contracts that trades can belong to."""

    def to_settle(self, names: NameRange, *, month: Month) -> Sequence[Contract]:
        """Read, by name, those in force or terminated whose window begins by the month's end."""
        ...

    def concerned(
        self,
        *,
        names: Collection[ContractName],
        customers: Collection[CustomerName],
        month: Month,
    ) -> Sequence[Contract]:
        """Read, by name, those of them with one of some names, or of one of some customers."""
        ...

    def terms_version(self, *, month: Month) -> str:
        """Fingerprint what an allocation follows from of these contracts, without reading them."""
        ...


class Holdings(Protocol):
    """The tonnes held for contracts that sell, as far as they are recorded."""

    def __call__(self, *, before: Month) -> Mapping[ContractName, int]:
        """Tell what was held at the start of a month; contracts without a record are left out."""
        ...


class MarketDays(Protocol):
    """What pricing knows of the market."""

    def __call__(
        self, wanted: Collection[tuple[Instrument, date]]
    ) -> Mapping[tuple[Instrument, date], MarketDay]:
        """Look up each instrument's day."""
        ...


class BookingMonths(Protocol):
    """The month whose books take what belongs to a month (answered by the ledger)."""

    def __call__(self, *, month: Month) -> Month:
        """Find the month itself while it is open, else the first open one, and keep it open."""
        ...


class KnownCustomers(Protocol):
    """The customers that exist (answered by billing)."""

    def __call__(self, names: Collection[CustomerName]) -> frozenset[CustomerName]:
        """Tell which of the names exist."""
        ...
