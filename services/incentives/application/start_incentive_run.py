"""StartIncentiveRun: calculate a scheme for a cycle of closed months."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.incentives.application.measure_cycle import MeasureCycle
from services.incentives.application.ports import Assignments, RunQueue, Runs, Schemes
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.run import IncentiveRun, run_name
from services.kernel.authority import CurrentPrincipal, RunState, SignOff
from services.kernel.clock import Clock
from services.kernel.errors import FieldViolation, InvalidInput, WrongState
from services.kernel.identifiers import SchemeName
from services.kernel.unit_of_work import UnitOfWork

GRANTED = frozenset({RunState.APPROVED, RunState.POSTED})
_UNFINISHED = frozenset({RunState.CALCULATING, RunState.CALCULATED, RunState.REVIEWED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StartIncentiveRun:
    """Starts a run; one of the same months that is not approved yet is superseded."""

    unit_of_work: UnitOfWork
    schemes: Schemes
    assignments: Assignments
    runs: Runs
    queue: RunQueue
    measure_cycle: MeasureCycle
    clock: Clock
    principal: CurrentPrincipal

    def __call__(
        self,
        *,
        scheme: SchemeName,
        cycle: Cycle,
        on_time_surrender: Decimal | None,
        surrender_evidence: str,
    ) -> IncentiveRun:
        """Write the run and defer its calculation, in one transaction.

        Raises:
            NotFound: there is no such scheme.
            InvalidScheme: the cycle lies outside the scheme's days.
            WrongState: the scheme is a draft, nobody is assigned, a month is open or rewarded.
        """
        _require_rate(on_time_surrender)
        with self.unit_of_work():
            self.schemes.get(scheme, lock=True).require_in_force(cycle)
            self.measure_cycle.require_closed(cycle)
            version = self._people(scheme)
            earlier = self.runs.of_scheme(scheme)
            _refuse_rewarded_months(earlier, cycle)
            self._supersede(earlier, cycle)
            number = 1 + max((r.number for r in earlier if r.cycle == cycle), default=0)
            name = run_name(scheme, cycle, number)
            run = IncentiveRun(
                name=name,
                scheme=scheme,
                cycle=cycle,
                number=number,
                assignments_version=version,
                on_time_surrender=on_time_surrender,
                surrender_evidence=surrender_evidence,
                sign_off=SignOff(name, RunState.CALCULATING, self.principal().subject, ""),
                created_at=self.clock.now(),
            )
            self.runs.add(run)
            self.queue.calculate_later(name)
        return run

    def _people(self, scheme: SchemeName) -> int:
        version = self.assignments.newest_version(scheme)
        if version == 0:
            raise WrongState(
                f"nobody takes part in {scheme} yet; call SetAssignments first",
                subject=scheme,
                metadata={"state": "WITHOUT_ASSIGNMENTS"},
            )
        return version

    def _supersede(self, earlier: Sequence[IncentiveRun], cycle: Cycle) -> None:
        for run in sorted(earlier, key=lambda run: run.name):
            if run.cycle.overlaps(cycle) and run.state in _UNFINISHED:
                locked = self.runs.get(run.name, lock=True)
                superseded = replace(locked.sign_off, state=RunState.SUPERSEDED)
                self.runs.save(locked.signed(superseded))


def _refuse_rewarded_months(earlier: Sequence[IncentiveRun], cycle: Cycle) -> None:
    for run in earlier:
        if run.state in GRANTED and run.cycle.overlaps(cycle):
            raise WrongState(
                f"{run.name} of {run.cycle} is {run.state}, and {cycle} shares a month with it;"
                " corrections of it become lines of the next cycle",
                subject=run.name,
                metadata={"state": run.state.value},
            )


def _require_rate(on_time_surrender: Decimal | None) -> None:
    if on_time_surrender is not None and not 0 <= on_time_surrender <= 1:
        wrong = f"{on_time_surrender} is not a part from 0 to 1"
        raise InvalidInput(
            f"on_time_surrender: {wrong}", violations=(FieldViolation("on_time_surrender", wrong),)
        )
