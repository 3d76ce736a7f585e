"""Incentives on a real PostgreSQL, with figures that a test sets."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from services.incentives.application.approve_incentive_run import ApproveIncentiveRun
from services.incentives.application.calculate_run import CalculateRun
from services.incentives.application.export_report import ExportReport
from services.incentives.application.get_award import GetAward
from services.incentives.application.list_awards import ListAwards
from services.incentives.application.measure_cycle import MeasureCycle
from services.incentives.application.review_incentive_run import ReviewIncentiveRun
from services.incentives.application.set_assignments import SetAssignments
from services.incentives.application.start_incentive_run import StartIncentiveRun
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.run import IncentiveRun
from services.incentives.domain.scheme import SchemeState
from services.incentives.persistence.assignments import PostgresAssignments
from services.incentives.persistence.awards import PostgresAwards
from services.incentives.persistence.runs import PostgresRuns
from services.incentives.persistence.schemes import PostgresSchemes
from services.kernel.authority import SYSTEM, Principal
from services.kernel.money import money
from services.runtime.database import open_engine
from services.runtime.unit_of_work import Transactions, acting_as, current_principal
from tests.builders.incentives import FEBRUARY, JANUARY, MARCH, SCHEME, person, scheme
from tests.fakes.incentives import FixedAmounts, FixedClock, FixedFigures, ListedRuns

HR = Principal("hr-1", frozenset({"hr"}), frozenset({"*"}))
CONTROLLER = Principal("controller-1", frozenset({"finance_controller"}), frozenset({"*"}))
DIRECTOR = Principal("director-1", frozenset({"finance_director"}), frozenset({"*"}))


def staff(subject: str) -> Principal:
    return Principal(subject, frozenset({"staff"}))


@dataclass(frozen=True, slots=True)
class Desk:
    """The verbs of incentives, joined to one database."""

    engine: Engine
    work: Transactions

    @property
    def measure(self) -> MeasureCycle:
        months = (JANUARY, FEBRUARY, MARCH)
        figures = FixedFigures(closed=set(months))
        return MeasureCycle(
            closed_months=figures,
            contracts=figures,
            fee_income=FixedAmounts({month: money("100000") for month in months}),
            provisions=FixedAmounts({}),
            benchmark_prices=figures,
        )

    def set_up(self) -> None:
        people = [person("s-1", 3, subject="ann"), person("s-2", 1, subject="bo")]
        with acting_as(HR), self.work():
            PostgresSchemes().add(scheme(state=SchemeState.DRAFT))
            PostgresSchemes().approve(scheme())
            SetAssignments(
                unit_of_work=self.work,
                schemes=PostgresSchemes(),
                assignments=PostgresAssignments(),
            )(scheme=SCHEME, people=people)

    def started(self, cycle: str = "2025-Q1") -> IncentiveRun:
        start = StartIncentiveRun(
            unit_of_work=self.work,
            schemes=PostgresSchemes(),
            assignments=PostgresAssignments(),
            runs=PostgresRuns(),
            queue=ListedRuns(),
            measure_cycle=self.measure,
            clock=FixedClock(),
            principal=current_principal,
        )
        with acting_as(HR):
            return start(
                scheme=SCHEME,
                cycle=Cycle.parse(cycle),
                on_time_surrender=None,
                surrender_evidence="",
            )

    def calculate(self, run: IncentiveRun) -> IncentiveRun:
        with acting_as(SYSTEM):
            CalculateRun(
                unit_of_work=self.work,
                schemes=PostgresSchemes(),
                assignments=PostgresAssignments(),
                runs=PostgresRuns(),
                awards=PostgresAwards(),
                measure_cycle=self.measure,
            )(run=run.name)
        return self.read(run)

    def read(self, run: IncentiveRun) -> IncentiveRun:
        with acting_as(SYSTEM), self.work():
            return PostgresRuns().get(run.name)

    def calculated(self, cycle: str = "2025-Q1") -> IncentiveRun:
        return self.calculate(self.started(cycle))

    def granted(self) -> IncentiveRun:
        run = self.calculated()
        clock, runs = FixedClock(), PostgresRuns()
        review = ReviewIncentiveRun(
            unit_of_work=self.work, runs=runs, clock=clock, principal=current_principal
        )
        approve = ApproveIncentiveRun(
            unit_of_work=self.work, runs=runs, clock=clock, principal=current_principal
        )
        with acting_as(CONTROLLER):
            review(name=run.name, digest=run.sign_off.digest)
        with acting_as(DIRECTOR):
            return approve(name=run.name, digest=run.sign_off.digest)

    @property
    def list_awards(self) -> ListAwards:
        return ListAwards(
            unit_of_work=self.work, awards=PostgresAwards(), principal=current_principal
        )

    @property
    def get_award(self) -> GetAward:
        return GetAward(
            unit_of_work=self.work, awards=PostgresAwards(), principal=current_principal
        )

    @property
    def export_report(self) -> ExportReport:
        return ExportReport(
            unit_of_work=self.work,
            runs=PostgresRuns(),
            awards=PostgresAwards(),
            principal=current_principal,
        )


@pytest.fixture
def desk(fresh_database: str) -> Iterator[Desk]:
    engine = open_engine(fresh_database, pool_size=6)
    ready = Desk(engine, Transactions(engine))
    ready.set_up()
    yield ready
    engine.dispose()
