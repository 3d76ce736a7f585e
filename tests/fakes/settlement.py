"""What contracts and settlement runs ask of rows and other rooms, answered from memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from services.kernel.authority import RunState
from services.kernel.errors import AlreadyExists, NotFound
from services.kernel.finding import Finding
from services.kernel.identifiers import ContractName, CustomerName, RunName, SettlementName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.settlement.application.settlement_ports import (
    ContractFilter,
    Delivered,
    NameRange,
    Posted,
    PostedResult,
    SettlementFilter,
    SettlementView,
    TradeTonnes,
)
from services.settlement.domain.bookings import PoolMovement
from services.settlement.domain.contract import Contract, ContractState
from services.settlement.domain.contract_terms import ContractTerms, settled_terms
from services.settlement.domain.run import RunKind, RunTotals, SettlementRun
from services.settlement.domain.settlement import Settlement


@dataclass(slots=True)
class MemoryContracts:
    """Contracts by name."""

    kept: dict[ContractName, Contract] = field(default_factory=dict)
    traded: frozenset[date] = frozenset()

    def add(self, contract: Contract) -> None:
        if contract.name in self.kept:
            raise AlreadyExists(contract.name)
        self.kept[contract.name] = contract

    def find(self, name: ContractName, *, lock: bool = False) -> Contract | None:  # noqa: ARG002 - the port's
        return self.kept.get(name)

    def save(self, contract: Contract) -> None:
        self.kept[contract.name] = contract

    def list_contracts(self, which: ContractFilter, page: PageRequest) -> Page[Contract]:
        shown = [c for c in self.kept.values() if which.state in {None, c.state}]
        return Page(tuple(shown[: page.size]))

    def to_settle(self, names: NameRange, *, month: Month) -> tuple[Contract, ...]:
        return tuple(
            contract
            for name, contract in sorted(self.kept.items())
            if _within(name, names)
            and contract.state is not ContractState.DRAFT
            and contract.delivery_window.start < month.end
        )

    def any_to_settle(self, *, month: Month) -> bool:
        return bool(self.to_settle(NameRange(), month=month))

    def terms_to_settle(self, names: NameRange, *, month: Month) -> tuple[ContractTerms, ...]:
        return tuple(settled_terms(contract) for contract in self.to_settle(names, month=month))

    def settled(self) -> tuple[Contract, ...]:
        return ()

    def drafts_with_trades(self, *, month: Month) -> tuple[Contract, ...]:
        return tuple(
            contract
            for contract in self.kept.values()
            if contract.state is ContractState.DRAFT
            and any(day in contract.delivery_window and day < month.end for day in self.traded)
        )


@dataclass(frozen=True, slots=True)
class KnownCustomers:
    """The customers that exist."""

    names: frozenset[CustomerName]

    def require(self, *, customer: CustomerName) -> None:
        if customer not in self.names:
            raise NotFound(customer)


@dataclass(slots=True)
class MemorySource:
    """What is allocated and posted."""

    allocated: Mapping[ContractName, Delivered] = field(default_factory=dict)
    done: Mapping[ContractName, Posted] = field(default_factory=dict)
    pooled: tuple[PoolMovement, ...] = ()
    state: int = 0

    def delivered(self, names: NameRange, *, month: Month) -> Mapping[ContractName, Delivered]:  # noqa: ARG002 - the port's
        return {name: found for name, found in self.allocated.items() if _within(name, names)}

    def posted(self, names: NameRange) -> Mapping[ContractName, Posted]:
        return {name: found for name, found in self.done.items() if _within(name, names)}

    def pool(self, *, month: Month) -> tuple[PoolMovement, ...]:  # noqa: ARG002 - the port's
        return self.pooled

    def version(self, *, month: Month) -> str:
        return f"{month} {self.state}"

    def hold(self, *, month: Month) -> None:
        assert month.year


@dataclass(frozen=True, slots=True)
class FoundInTrades:
    """What trades say of every month."""

    found: tuple[Finding, ...] = ()

    def tonnes(self, *, month: Month) -> TradeTonnes:  # noqa: ARG002 - the port's
        return TradeTonnes(0, 0, 0)

    def findings(self, *, month: Month) -> tuple[Finding, ...]:  # noqa: ARG002 - the port's
        return self.found

    def is_stale(self, *, month: Month) -> bool:  # noqa: ARG002 - the port's
        return False


@dataclass(slots=True)
class MemoryRuns:
    """Runs by name, each with chunks of names."""

    kept: dict[RunName, SettlementRun] = field(default_factory=dict)
    ranges: tuple[NameRange, ...] = (NameRange(),)
    results: dict[tuple[RunName, int], tuple[str, RunTotals]] = field(default_factory=dict)

    def lock_month(self, month: Month) -> None:
        assert month.year

    def runs_of(self, month: Month) -> tuple[SettlementRun, ...]:
        return tuple(run for run in self.kept.values() if run.month == month)

    def add(self, run: SettlementRun) -> None:
        assert run.name not in self.kept
        self.kept[run.name] = run

    def save(self, run: SettlementRun) -> None:
        self.kept[run.name] = run

    def find(self, name: RunName, *, lock: bool = False) -> SettlementRun | None:  # noqa: ARG002 - the port's
        return self.kept.get(name)

    def list_runs(
        self,
        *,
        month: Month | None,
        kind: RunKind | None,
        page: PageRequest,
    ) -> Page[SettlementRun]:
        shown = [
            run
            for run in self.kept.values()
            if month in {None, run.month} and kind in {None, run.kind}
        ]
        return Page(tuple(shown[: page.size]))

    def plan_chunks(self, run: SettlementRun, *, size: int) -> int:
        assert run.name in self.kept
        assert size > 0
        return len(self.ranges)

    def chunk_ranges(self, run: RunName) -> tuple[NameRange, ...]:
        assert run in self.kept
        return self.ranges

    def claim_chunk(self, run: RunName, *, chunk: int) -> NameRange | None:
        gone = self.kept[run].state is not RunState.CALCULATING
        return None if gone or (run, chunk) in self.results else self.ranges[chunk]

    def conclude_chunk(self, run: RunName, *, chunk: int, digest: str, totals: RunTotals) -> None:
        self.results[run, chunk] = (digest, totals)

    def chunk_results(self, run: RunName) -> tuple[tuple[str, RunTotals], ...] | None:
        done = [self.results.get((run, chunk)) for chunk in range(len(self.ranges))]
        found = tuple(result for result in done if result is not None)
        return found if len(found) == len(self.ranges) else None

    def progress(self, run: RunName) -> tuple[int, int]:
        return sum(name == run for name, _ in self.results), len(self.ranges)


@dataclass(slots=True)
class MemorySettlements:
    """Settlements in the order they were written."""

    kept: list[Settlement] = field(default_factory=list)
    pooled: list[PoolMovement] = field(default_factory=list)

    def add_all(self, settlements: Sequence[Settlement]) -> None:
        self.kept.extend(settlements)

    def add_pool(self, run: RunName, movements: Sequence[PoolMovement]) -> None:
        assert run
        self.pooled.extend(movements)

    def of_run(self, run: RunName, names: NameRange) -> Callable[[], tuple[Settlement, ...]]:
        of_run = (each for each in self.kept if each.run == run and _within(each.contract, names))
        found = tuple(sorted(of_run, key=lambda each: each.contract))
        return lambda: found

    def pool_of(self, run: RunName) -> tuple[PoolMovement, ...]:
        assert run
        return tuple(self.pooled)

    def posted_results(self, *, through: Month) -> tuple[PostedResult, ...]:
        assert through.year
        return ()

    def find(self, name: SettlementName) -> SettlementView | None:
        return next((_view(each) for each in self.kept if each.name == name), None)

    def list_settlements(self, which: SettlementFilter, page: PageRequest) -> Page[SettlementView]:
        shown = [_view(each) for each in self.kept if which.run in {None, each.run}]
        return Page(tuple(shown[: page.size]))


def approved(contract: Contract) -> Contract:
    """The same contract, in force."""
    return replace(contract, state=ContractState.APPROVED)


def _view(settlement: Settlement) -> SettlementView:
    return SettlementView(settlement, RunState.CALCULATED, RunKind.FINAL)


def _within(name: str, names: NameRange) -> bool:
    return name >= names.first and (names.end is None or name < names.end)
