"""FailIncentiveRun: give up a run that cannot be calculated; asked by the queue."""

from dataclasses import dataclass

from services.incentives.application.ports import Runs
from services.kernel.authority import RunState
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class FailIncentiveRun:
    """Turns a run FAILED; it has no awards, since they come with the outcome."""

    unit_of_work: UnitOfWork
    runs: Runs

    def __call__(self, *, run: RunName, failure: str) -> bool:
        """Give it up; False when it calculates no more, and so has ended otherwise.

        Raises:
            NotFound.
        """
        with self.unit_of_work():
            found = self.runs.get(run, lock=True)
            if found.state is not RunState.CALCULATING:
                return False
            self.runs.save(found.failed(failure))
            return True
