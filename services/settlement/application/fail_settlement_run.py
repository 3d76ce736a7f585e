"""FailSettlementRun: give up a run that cannot be computed; asked by the queue."""

from dataclasses import dataclass

from services.kernel.authority import RunState
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import SettlementRuns


@dataclass(frozen=True, slots=True, kw_only=True)
class FailSettlementRun:
    """Turns a run FAILED; what its other chunks settled stays with it and never counts."""

    unit_of_work: UnitOfWork
    runs: SettlementRuns

    def __call__(self, *, run: RunName, failure: str) -> bool:
        """Give it up; False when it calculates no more, and so has ended otherwise."""
        with self.unit_of_work():
            found = self.runs.find(run, lock=True)
            if found is None or found.state is not RunState.CALCULATING:
                return False
            self.runs.save(found.failed(failure))
            return True
