"""GetIncentiveRun: show one run."""

from dataclasses import dataclass

from services.incentives.application.ports import Runs
from services.incentives.domain.run import IncentiveRun
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GetIncentiveRun:
    """Shows a run."""

    unit_of_work: UnitOfWork
    runs: Runs

    def __call__(self, *, name: RunName) -> IncentiveRun:
        """Read it.

        Raises:
            NotFound.
        """
        with self.unit_of_work():
            return self.runs.get(name)
