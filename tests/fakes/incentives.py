"""Fakes that rhyme with the ports of incentives."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from services.incentives.domain.assignment import Assignment
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.figures import (
    BenchmarkPrice,
    BenchmarkQuestion,
    ContractMonth,
    ContractTerms,
    MonthFigure,
)
from services.incentives.domain.run import Award, IncentiveRun
from services.incentives.domain.scheme import Scheme
from services.kernel.authority import Principal, RunState
from services.kernel.errors import AlreadyExists, NotFound
from services.kernel.identifiers import AwardName, RunName, SchemeName
from services.kernel.money import Money
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month

GRANTED = {RunState.APPROVED, RunState.POSTED}


@contextmanager
def no_transaction() -> Iterator[None]:
    """Opens nothing."""
    yield


class FixedClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2025, 4, 10, 8, tzinfo=UTC)


@dataclass(slots=True)
class Caller:
    """Somebody calling, who may be exchanged."""

    principal: Principal = field(default_factory=lambda: Principal("hr-1", frozenset({"hr"})))

    def __call__(self) -> Principal:
        return self.principal

    def become(self, subject: str, role: str) -> None:
        self.principal = Principal(subject, frozenset({role}))


@dataclass(slots=True)
class InMemorySchemes:
    """Schemes in a dictionary."""

    kept: dict[SchemeName, Scheme] = field(default_factory=dict)

    def add(self, scheme: Scheme) -> None:
        if scheme.name in self.kept:
            raise AlreadyExists(scheme.name)
        self.kept[scheme.name] = scheme

    def get(self, name: SchemeName, *, lock: bool = False) -> Scheme:
        del lock
        if name not in self.kept:
            raise NotFound(name)
        return self.kept[name]

    def approve(self, scheme: Scheme) -> None:
        self.kept[scheme.name] = scheme

    def page(self, request: PageRequest) -> Page[Scheme]:
        del request
        return Page(tuple(self.kept[name] for name in sorted(self.kept)))


@dataclass(slots=True)
class InMemoryAssignments:
    """People by scheme, one list for each version."""

    kept: dict[SchemeName, list[tuple[Assignment, ...]]] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()

    def add(self, scheme: SchemeName, *, version: int, people: Sequence[Assignment]) -> None:
        versions = self.kept.setdefault(scheme, [])
        assert version == len(versions) + 1
        versions.append(tuple(people))

    def newest_version(self, scheme: SchemeName) -> int:
        return len(self.kept.get(scheme, []))

    def of_version(self, scheme: SchemeName, version: int) -> tuple[Assignment, ...]:
        return self.kept[scheme][version - 1]

    def staff_in_other_schemes(self, scheme: Scheme) -> frozenset[str]:
        del scheme
        return self.elsewhere


@dataclass(slots=True)
class InMemoryRuns:
    """Runs in a dictionary."""

    kept: dict[RunName, IncentiveRun] = field(default_factory=dict)

    def add(self, run: IncentiveRun) -> None:
        assert run.name not in self.kept
        self.kept[run.name] = run

    def get(self, name: RunName, *, lock: bool = False) -> IncentiveRun:
        del lock
        if name not in self.kept:
            raise NotFound(name)
        return self.kept[name]

    def save(self, run: IncentiveRun) -> None:
        self.kept[run.name] = run

    def of_scheme(self, scheme: SchemeName) -> tuple[IncentiveRun, ...]:
        return tuple(run for run in self.kept.values() if run.scheme == scheme)

    def page(
        self, request: PageRequest, *, scheme: SchemeName | None, cycle: Cycle | None
    ) -> Page[IncentiveRun]:
        del request
        runs = (r for r in self.kept.values() if scheme in {None, r.scheme})
        return Page(tuple(run for run in runs if cycle in {None, run.cycle}))


@dataclass(slots=True)
class InMemoryAwards:
    """Awards in a dictionary, without row security."""

    runs: InMemoryRuns
    kept: dict[AwardName, Award] = field(default_factory=dict)

    def add_all(self, awards: Sequence[Award]) -> None:
        for award in awards:
            assert award.name not in self.kept
            self.kept[award.name] = award

    def get(self, name: AwardName, *, granted_only: bool) -> Award:
        award = self.kept.get(name)
        if award is None or (granted_only and self.runs.kept[award.run].state not in GRANTED):
            raise NotFound(name)
        return award

    def page(self, request: PageRequest, *, run: RunName | None, granted_only: bool) -> Page[Award]:
        del request, granted_only
        return Page(tuple(a for a in self.kept.values() if run in {None, a.run}))

    def of_run(self, run: RunName) -> tuple[Award, ...]:
        return tuple(award for award in self.kept.values() if award.run == run)


@dataclass(slots=True)
class ListedRuns:
    """A queue that only remembers."""

    deferred: list[RunName] = field(default_factory=list)

    def calculate_later(self, run: RunName) -> None:
        self.deferred.append(run)


@dataclass(slots=True)
class FixedFigures:
    """All figures of other rooms, as a test sets them."""

    closed: set[Month] = field(default_factory=set)
    contracts: tuple[ContractTerms, ...] = ()
    contract_months: tuple[ContractMonth, ...] = ()
    fees: dict[Month, Money] = field(default_factory=dict)
    provisions: dict[Month, Money] = field(default_factory=dict)
    benchmark: Decimal | None = None

    def first_open(self, months: Sequence[Month]) -> Month | None:
        return next((month for month in months if month not in self.closed), None)

    def terms(self) -> tuple[ContractTerms, ...]:
        return self.contracts

    def months_through(self, last: Month) -> tuple[ContractMonth, ...]:
        return tuple(row for row in self.contract_months if row.month <= last)

    def average(self, question: BenchmarkQuestion) -> BenchmarkPrice:
        return BenchmarkPrice(self.benchmark, final=True, source=question.series)


@dataclass(slots=True)
class FixedAmounts:
    """Amounts by month."""

    amounts: dict[Month, Money]

    def of_months(self, months: Sequence[Month]) -> tuple[MonthFigure, ...]:
        return tuple(
            MonthFigure(month, self.amounts[month], (f"months/{month}",))
            for month in months
            if month in self.amounts
        )


@dataclass(slots=True)
class ListedEntries:
    """Books that only remember."""

    posted: list[tuple[RunName, Money]] = field(default_factory=list)

    def post(self, *, run: RunName, earned_month: Month, awarded: Money) -> str:
        del earned_month
        self.posted.append((run, awarded))
        return "journalEntries/e1"
