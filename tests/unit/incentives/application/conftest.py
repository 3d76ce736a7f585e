"""The verbs of incentives on fakes."""

from dataclasses import dataclass

import pytest

from services.incentives.application.approve_incentive_run import ApproveIncentiveRun
from services.incentives.application.approve_scheme import ApproveScheme
from services.incentives.application.calculate_run import CalculateRun
from services.incentives.application.create_scheme import CreateScheme
from services.incentives.application.get_award import GetAward
from services.incentives.application.measure_cycle import MeasureCycle
from services.incentives.application.post_incentive_run import PostIncentiveRun
from services.incentives.application.review_incentive_run import ReviewIncentiveRun
from services.incentives.application.set_assignments import SetAssignments
from services.incentives.application.start_incentive_run import StartIncentiveRun
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.run import IncentiveRun
from services.kernel.money import money
from services.kernel.period import Month
from tests.builders.incentives import FEBRUARY, JANUARY, MARCH, SCHEME, person, scheme
from tests.fakes.incentives import (
    Caller,
    FixedAmounts,
    FixedClock,
    FixedFigures,
    InMemoryAssignments,
    InMemoryAwards,
    InMemoryRuns,
    InMemorySchemes,
    ListedEntries,
    ListedRuns,
    no_transaction,
)


@dataclass(slots=True, kw_only=True)
class Office:
    """Every verb, on one set of fakes."""

    caller: Caller
    figures: FixedFigures
    schemes: InMemorySchemes
    assignments: InMemoryAssignments
    runs: InMemoryRuns
    awards: InMemoryAwards
    queue: ListedRuns
    books: ListedEntries

    @property
    def create_scheme(self) -> CreateScheme:
        return CreateScheme(
            unit_of_work=no_transaction, schemes=self.schemes, principal=self.caller
        )

    @property
    def approve_scheme(self) -> ApproveScheme:
        return ApproveScheme(
            unit_of_work=no_transaction, schemes=self.schemes, principal=self.caller
        )

    @property
    def set_assignments(self) -> SetAssignments:
        return SetAssignments(
            unit_of_work=no_transaction, schemes=self.schemes, assignments=self.assignments
        )

    @property
    def get_award(self) -> GetAward:
        return GetAward(unit_of_work=no_transaction, awards=self.awards, principal=self.caller)

    def measure(self) -> MeasureCycle:
        return MeasureCycle(
            closed_months=self.figures,
            contracts=self.figures,
            fee_income=FixedAmounts(self.figures.fees),
            provisions=FixedAmounts(self.figures.provisions),
            benchmark_prices=self.figures,
        )

    def start(self, cycle: str = "2025-Q1", surrendered: str | None = None) -> IncentiveRun:
        verb = StartIncentiveRun(
            unit_of_work=no_transaction,
            schemes=self.schemes,
            assignments=self.assignments,
            runs=self.runs,
            queue=self.queue,
            measure_cycle=self.measure(),
            clock=FixedClock(),
            principal=self.caller,
        )
        return verb(
            scheme=SCHEME,
            cycle=Cycle.parse(cycle),
            on_time_surrender=None if surrendered is None else money(surrendered).amount,
            surrender_evidence="a notice",
        )

    def calculate(self, run: IncentiveRun) -> IncentiveRun:
        CalculateRun(
            unit_of_work=no_transaction,
            schemes=self.schemes,
            assignments=self.assignments,
            runs=self.runs,
            awards=self.awards,
            measure_cycle=self.measure(),
        )(run=run.name)
        return self.runs.get(run.name)

    def review(self, run: IncentiveRun, by: str = "controller-1") -> IncentiveRun:
        self.caller.become(by, "finance_controller")
        return ReviewIncentiveRun(
            unit_of_work=no_transaction,
            runs=self.runs,
            clock=FixedClock(),
            principal=self.caller,
        )(name=run.name, digest=run.sign_off.digest)

    def approve(
        self, run: IncentiveRun, by: str = "director-1", role: str = "finance_director"
    ) -> IncentiveRun:
        self.caller.become(by, role)
        return ApproveIncentiveRun(
            unit_of_work=no_transaction,
            runs=self.runs,
            clock=FixedClock(),
            principal=self.caller,
        )(name=run.name, digest=run.sign_off.digest)

    def post(self, run: IncentiveRun) -> IncentiveRun:
        return PostIncentiveRun(unit_of_work=no_transaction, runs=self.runs, books=self.books)(
            name=run.name
        )

    def grant(self, cycle: str = "2025-Q1") -> IncentiveRun:
        """Start, calculate, review and approve."""
        self.caller.become("hr-1", "hr")
        run = self.calculate(self.start(cycle))
        return self.approve(self.review(run))

    def close(self, *months: Month) -> None:
        self.figures.closed.update(months)


@pytest.fixture
def office() -> Office:
    """An approved scheme with two people, and a closed quarter with 300,000.00 of fees."""
    runs = InMemoryRuns()
    desk = Office(
        caller=Caller(),
        figures=FixedFigures(),
        schemes=InMemorySchemes(),
        assignments=InMemoryAssignments(),
        runs=runs,
        awards=InMemoryAwards(runs),
        queue=ListedRuns(),
        books=ListedEntries(),
    )
    desk.schemes.add(scheme())
    desk.set_assignments(scheme=SCHEME, people=[person("s-1", 3), person("s-2", 1)])
    desk.close(JANUARY, FEBRUARY, MARCH)
    desk.figures.fees = {month: money("100000") for month in (JANUARY, FEBRUARY, MARCH)}
    return desk
