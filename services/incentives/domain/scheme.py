"""A scheme: the rules of an incentive plan for a span of days. Approved, then never edited."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from services.incentives.domain.benchmark import Benchmark
from services.incentives.domain.cycle import MONTHS_OF_A_YEAR, Cycle
from services.incentives.domain.pool_rules import PlanKind, PoolRules
from services.kernel.authority import MakerIsChecker
from services.kernel.errors import EtagChanged, FieldViolation, InvalidInput, WrongState
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import SchemeName
from services.kernel.money import CNY, Money, round_money
from services.kernel.period import Period


class SchemeState(StrEnum):
    """DRAFT: nothing is calculated by it. APPROVED: in force for its effective period."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"


class InvalidScheme(InvalidInput):
    """The scheme contradicts itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The rules of a plan. ``surrender_deadline`` is a day of the calendar, "12-31", or empty."""

    name: SchemeName
    display_name: str
    kind: PlanKind
    effective_period: Period
    annual_target: Money
    rules: PoolRules
    benchmarks: tuple[Benchmark, ...] = ()
    surrender_deadline: str = ""
    surrender_source: str = ""
    state: SchemeState = SchemeState.DRAFT
    maker: str = ""
    approver: str = ""

    def __post_init__(self) -> None:
        """Refuse a target in another currency, and two benchmarks for one kind of instrument."""
        kinds = [benchmark.instrument_kind for benchmark in self.benchmarks]
        wrong: list[FieldViolation] = []
        if self.annual_target.currency != CNY:
            wrong.append(FieldViolation("scheme.annual_target", "is not in CNY"))
        if len(kinds) != len(set(kinds)):
            wrong.append(FieldViolation("scheme.benchmarks", "name one kind of instrument twice"))
        if self.surrender_deadline in {"02-29", "02-30", "02-31", "04-31", "06-31", "09-31"}:
            text = f"{self.surrender_deadline} is not a day of every year"
            wrong.append(FieldViolation("scheme.surrender_deadline", text))
        if wrong:
            message = f"{wrong[0].field} {wrong[0].description}"
            raise InvalidScheme(message, violations=tuple(wrong))

    @property
    def etag(self) -> str:
        """The version: a draft, or approved."""
        return f"{self.name.rsplit('/', 1)[-1]}-{self.state.value.lower()}"

    def approve(self, *, approver: str, etag: str) -> "Scheme":
        """Put it in force, by another person than its maker. An empty etag is not compared.

        Raises:
            EtagChanged, WrongState, MakerIsChecker.
        """
        if etag and etag != self.etag:
            raise EtagChanged(resource=self.name, given=etag, current=self.etag)
        if self.state is not SchemeState.DRAFT:
            raise WrongState(
                f"{self.name} is {self.state} already; draft another scheme to change it",
                subject=self.name,
                metadata={"state": self.state.value},
            )
        if approver == self.maker:
            raise MakerIsChecker(
                f"{approver} drafted {self.name}; another person must approve it",
                subject=self.name,
            )
        return replace(self, state=SchemeState.APPROVED, approver=approver)

    def require_in_force(self, cycle: Cycle) -> None:
        """Refuse a cycle that it is not in force for.

        Raises:
            WrongState, InvalidScheme.
        """
        if self.state is not SchemeState.APPROVED:
            raise WrongState(
                f"{self.name} is a draft; have it approved before starting a run",
                subject=self.name,
                metadata={"state": self.state.value},
            )
        if self.effective_period.intersect(cycle.period) != cycle.period:
            period = self.effective_period
            wrong = f"{cycle} does not lie within {period.start} to {period.end} of {self.name}"
            raise InvalidScheme(wrong, violations=(FieldViolation("cycle", wrong),))

    def target_of(self, cycle_months: int) -> Money:
        """The target of a cycle: the yearly one by months, rounded."""
        return round_money(self.annual_target.amount * cycle_months / MONTHS_OF_A_YEAR)

    def surrender_finding(self, cycle: Cycle, on_time_surrender: Decimal | None) -> Finding | None:
        """Tell whether the surrender rate of the cycle is needed and missing."""
        deadline = self.surrender_deadline
        if not deadline or on_time_surrender is not None or not cycle.holds(deadline):
            return None
        return Finding(
            Severity.RUN_BLOCKING,
            "SURRENDER_MISSING",
            self.name,
            f"the surrender deadline {deadline} lies in {cycle}, and on_time_surrender is unset",
            "start the run again with on_time_surrender and its evidence",
        )
