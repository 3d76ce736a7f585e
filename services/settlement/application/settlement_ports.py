"""What the verbs of contracts, settlement runs and months need from outside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from services.kernel.authority import RunState
from services.kernel.finding import Finding
from services.kernel.identifiers import ContractName, CustomerName, RunName, SettlementName
from services.kernel.instrument import GuaranteeSide
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.settlement.domain.bookings import PoolMovement
from services.settlement.domain.contract import Contract, ContractState
from services.settlement.domain.contract_terms import ContractTerms
from services.settlement.domain.guarantee import Figure, MonthOfOrigin
from services.settlement.domain.month_close import Waiver
from services.settlement.domain.run import RunKind, RunTotals, SettlementRun
from services.settlement.domain.settlement import Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFilter:
    """Which contracts are asked for; what is None does not matter."""

    customer: CustomerName | None = None
    state: ContractState | None = None
    side: GuaranteeSide | None = None


@dataclass(frozen=True, slots=True)
class NameRange:
    """Contracts from ``first`` (empty: the first of all) to before ``end`` (None: no end)."""

    first: str = ""
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What is allocated to a contract to date: by month of origin, and tonnes by instrument code.

    ``months`` hold nothing booked after the month asked for. ``touched``: the month asked for
    itself booked something.
    """

    months: Mapping[Month, MonthOfOrigin] = field(default_factory=dict)
    custody: Mapping[str, int] = field(default_factory=dict)
    touched: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """What posted runs moved of a contract: by month of origin, and tonnes by instrument code."""

    months: Mapping[Month, Figure] = field(default_factory=dict)
    custody: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TradeTonnes:
    """Tonnes of a month's trades, each owner's side counted, and of their allocations.

    ``unsettled``: the allocated part that no contract settles, of the pool and of customers
    without a contract.
    """

    traded: int
    allocated: int
    unsettled: int


@dataclass(frozen=True, slots=True)
class SettlementView:
    """A settlement with where its run stands and what it is for."""

    settlement: Settlement
    state: RunState
    kind: RunKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedResult:
    """What posted runs moved of one contract for one month of origin, and the settlements."""

    contract: ContractName
    origin: Month
    figure: Figure
    sources: tuple[SettlementName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementFilter:
    """Which settlements are asked for. Without a run: of FINAL and REVISION runs that stand."""

    run: RunName | None = None
    month: Month | None = None
    contract: ContractName | None = None
    customer: CustomerName | None = None
    posted_only: bool = False


class Contracts(Protocol):
    """The contracts."""

    def add(self, contract: Contract) -> None:
        """Write a new one. Raises: AlreadyExists."""
        ...

    def find(self, name: ContractName, *, lock: bool = False) -> Contract | None:
        """Read one, and lock it if asked."""
        ...

    def save(self, contract: Contract) -> None:
        """Write a new state of an existing one."""
        ...

    def list_contracts(self, which: ContractFilter, page: PageRequest) -> Page[Contract]:
        """Read a page by name."""
        ...

    def to_settle(self, names: NameRange, *, month: Month) -> tuple[Contract, ...]:
        """Read, by name, those in force or terminated whose window begins by the month's end."""
        ...

    def any_to_settle(self, *, month: Month) -> bool:
        """Tell whether there are such contracts."""
        ...

    def terms_to_settle(self, names: NameRange, *, month: Month) -> tuple[ContractTerms, ...]:
        """Read the same contracts, and no more of them than a settlement needs."""
        ...

    def settled(self) -> tuple[Contract, ...]:
        """Read, by name, those of which anything is posted."""
        ...

    def drafts_with_trades(self, *, month: Month) -> tuple[Contract, ...]:
        """Read drafts whose side, instrument and window trades of the month would fit."""
        ...


class Customers(Protocol):
    """The customers, kept elsewhere."""

    def require(self, *, customer: CustomerName) -> None:
        """Make sure that one exists. Raises: NotFound."""
        ...


class SettlementSource(Protocol):
    """What settlements are computed from."""

    def delivered(self, names: NameRange, *, month: Month) -> Mapping[ContractName, Delivered]:
        """Sum allocations booked up to a month, by contract, month of origin and price."""
        ...

    def posted(self, names: NameRange) -> Mapping[ContractName, Posted]:
        """Sum the rows of posted runs, by contract and month of origin."""
        ...

    def pool(self, *, month: Month) -> tuple[PoolMovement, ...]:
        """Sum what fell to the pool in a month, less what is posted of it; by instrument, side."""
        ...

    def version(self, *, month: Month) -> str:
        """Name the state of all that a month's settlements follow from: another after any change.

        Counts what can only grow, so a state never comes back.
        """
        ...

    def hold(self, *, month: Month) -> None:
        """Let nobody change allocations up to a month until the transaction ends."""
        ...


class TradeChecks(Protocol):
    """What trades and allocations say of a month."""

    def tonnes(self, *, month: Month) -> TradeTonnes:
        """Count traded and allocated tonnes."""
        ...

    def findings(self, *, month: Month) -> tuple[Finding, ...]:
        """Name trades that are not allocated, or changed since."""
        ...

    def is_stale(self, *, month: Month) -> bool:
        """Tell whether trades or contracts changed since the month was allocated."""
        ...


class SettlementRuns(Protocol):
    """The runs with their chunks, signatures and findings."""

    def lock_month(self, month: Month) -> None:
        """Let nobody else start a run of the month until the transaction ends."""
        ...

    def runs_of(self, month: Month) -> tuple[SettlementRun, ...]:
        """Read the runs of a month with their findings."""
        ...

    def add(self, run: SettlementRun) -> None:
        """Write a new one."""
        ...

    def save(self, run: SettlementRun) -> None:
        """Write the new state, signatures and findings of an existing one."""
        ...

    def find(self, name: RunName, *, lock: bool = False) -> SettlementRun | None:
        """Read one, and lock it if asked."""
        ...

    def list_runs(
        self, *, month: Month | None, kind: RunKind | None, page: PageRequest
    ) -> Page[SettlementRun]:
        """Read a page, newest first, without findings."""
        ...

    def plan_chunks(self, run: SettlementRun, *, size: int) -> int:
        """Cut the contracts to settle into ranges of names of at most ``size``; at least one."""
        ...

    def chunk_ranges(self, run: RunName) -> tuple[NameRange, ...]:
        """Read the ranges in order."""
        ...

    def claim_chunk(self, run: RunName, *, chunk: int) -> NameRange | None:
        """Claim a chunk in this transaction; None: done already, or the run gave way."""
        ...

    def conclude_chunk(self, run: RunName, *, chunk: int, digest: str, totals: RunTotals) -> None:
        """Keep what a chunk came to."""
        ...

    def chunk_results(self, run: RunName) -> tuple[tuple[str, RunTotals], ...] | None:
        """Read what the chunks came to, in order; None while one is missing."""
        ...

    def progress(self, run: RunName) -> tuple[int, int]:
        """Count the chunks done, and all."""
        ...


class Settlements(Protocol):
    """The settlements of all runs."""

    def add_all(self, settlements: Sequence[Settlement]) -> None:
        """Write new ones with their rows."""
        ...

    def add_pool(self, run: RunName, movements: Sequence[PoolMovement]) -> None:
        """Write what a run moves of the pool."""
        ...

    def of_run(self, run: RunName, names: NameRange) -> Callable[[], tuple[Settlement, ...]]:
        """Read what a run wrote for a range of contracts.

        What is given makes settlements of it, by contract, when called; in any thread.
        """
        ...

    def pool_of(self, run: RunName) -> tuple[PoolMovement, ...]:
        """Read what a run moves of the pool, by instrument and side."""
        ...

    def find(self, name: SettlementName) -> SettlementView | None:
        """Read one."""
        ...

    def posted_results(self, *, through: Month) -> tuple[PostedResult, ...]:
        """Sum rows that runs of months up to one posted, by contract and month of origin."""
        ...

    def list_settlements(self, which: SettlementFilter, page: PageRequest) -> Page[SettlementView]:
        """Read a page by name."""
        ...


class Waivers(Protocol):
    """Findings that were let pass, by month."""

    def add(self, month: Month, waiver: Waiver) -> None:
        """Write a new one. Raises: AlreadyExists."""
        ...

    def of_month(self, month: Month) -> tuple[Waiver, ...]:
        """Read those of a month, in order of time."""
        ...


class ChunkQueue(Protocol):
    """Defers the calculation of a chunk, in the transaction under way."""

    def settle_chunk(self, *, run: RunName, chunk: int) -> None:
        """Defer it."""
        ...


class BillingChecklist(Protocol):
    """What billing still has to issue, kept elsewhere."""

    def __call__(self, *, month: Month) -> tuple[Finding, ...]:
        """Name what stands in the way of closing a month; nothing when all is issued."""
        ...
