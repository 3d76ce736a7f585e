"""What incentives need from outside: repositories, a queue, and figures of other rooms."""

from collections.abc import Sequence
from typing import Protocol

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
from services.kernel.identifiers import AwardName, RunName, SchemeName
from services.kernel.money import Money
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month


class Schemes(Protocol):
    """Keeps schemes."""

    def add(self, scheme: Scheme) -> None:
        """Write a new one. Raises: AlreadyExists."""
        ...

    def get(self, name: SchemeName, *, lock: bool = False) -> Scheme:
        """Read one; with ``lock`` nobody else changes it until the transaction ends.

        Raises: NotFound.
        """
        ...

    def approve(self, scheme: Scheme) -> None:
        """Write the approval of a scheme that was locked."""
        ...

    def page(self, request: PageRequest) -> Page[Scheme]:
        """List by name."""
        ...


class Assignments(Protocol):
    """Keeps who takes part in a scheme, by version; the newest is in force."""

    def add(self, scheme: SchemeName, *, version: int, people: Sequence[Assignment]) -> None:
        """Write a version."""
        ...

    def newest_version(self, scheme: SchemeName) -> int:
        """Tell the version in force; 0 where there is none."""
        ...

    def of_version(self, scheme: SchemeName, version: int) -> tuple[Assignment, ...]:
        """Read a version, by staff number."""
        ...

    def staff_in_other_schemes(self, scheme: Scheme) -> frozenset[str]:
        """Name the people of other schemes in force on a day of this one's period."""
        ...


class Runs(Protocol):
    """Keeps runs."""

    def add(self, run: IncentiveRun) -> None:
        """Write a new one."""
        ...

    def get(self, name: RunName, *, lock: bool = False) -> IncentiveRun:
        """Read one; with ``lock`` nobody else changes it until the transaction ends.

        Raises: NotFound.
        """
        ...

    def save(self, run: IncentiveRun) -> None:
        """Write the state, outcome and signatures of a run that was locked."""
        ...

    def of_scheme(self, scheme: SchemeName) -> tuple[IncentiveRun, ...]:
        """Read all runs of a scheme, by number within cycle."""
        ...

    def page(
        self, request: PageRequest, *, scheme: SchemeName | None, cycle: Cycle | None
    ) -> Page[IncentiveRun]:
        """List by name."""
        ...


class Awards(Protocol):
    """Keeps awards, which never change. Who may not see a person's award does not find it."""

    def add_all(self, awards: Sequence[Award]) -> None:
        """Write them."""
        ...

    def get(self, name: AwardName, *, granted_only: bool) -> Award:
        """Read one; with ``granted_only`` just of approved runs. Raises: NotFound."""
        ...

    def page(self, request: PageRequest, *, run: RunName | None, granted_only: bool) -> Page[Award]:
        """List by name."""
        ...

    def of_run(self, run: RunName) -> tuple[Award, ...]:
        """Read all of a run that the caller may see, by name."""
        ...


class RunQueue(Protocol):
    """Defers the calculation of a run, in the transaction under way."""

    def calculate_later(self, run: RunName) -> None:
        """Defer it."""
        ...


class ClosedMonths(Protocol):
    """Knows which months are closed."""

    def first_open(self, months: Sequence[Month]) -> Month | None:
        """Name the first of these months that is not closed; None when all are."""
        ...


class PostedContracts(Protocol):
    """Knows what was posted of contracts: answered by settlement."""

    def terms(self) -> tuple[ContractTerms, ...]:
        """The terms of every contract that anything was posted of."""
        ...

    def months_through(self, last: Month) -> tuple[ContractMonth, ...]:
        """What moved, by month of origin up to ``last``, as posted in closed months."""
        ...


class FeeIncome(Protocol):
    """Knows the service fees invoiced, without tax: answered by billing."""

    def of_months(self, months: Sequence[Month]) -> tuple[MonthFigure, ...]:
        """The fees by month of origin."""
        ...


class Provisions(Protocol):
    """Knows the provisions booked, a cost being positive: answered by the ledger."""

    def of_months(self, months: Sequence[Month]) -> tuple[MonthFigure, ...]:
        """The net expense by month."""
        ...


class BenchmarkPrices(Protocol):
    """Averages market prices: answered by pricing."""

    def average(self, question: BenchmarkQuestion) -> BenchmarkPrice:
        """Answer one question; a missing average is None, never a guess."""
        ...


class IncentiveBooks(Protocol):
    """Books what was awarded: answered by the ledger."""

    def post(self, *, run: RunName, earned_month: Month, awarded: Money) -> str:
        """Book an expense and a debt to staff in the first open month; names the entry."""
        ...
