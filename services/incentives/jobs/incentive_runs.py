"""The calculation of a run, deferred."""

from dataclasses import dataclass

from services.incentives.application.calculate_run import CalculateRun
from services.incentives.application.fail_incentive_run import FailIncentiveRun
from services.kernel.identifiers import RunName
from services.runtime.jobs import JobQueue

CALCULATE_RUN = "incentives.calculate_run"


def register(
    queue: JobQueue, calculate_run: CalculateRun, fail_incentive_run: FailIncentiveRun
) -> None:
    """Tell the queue what the task does, and what becomes of a run that it failed."""

    def calculate(run: str) -> None:
        calculate_run(run=RunName(run))

    def gave_up(run: str, failure: str) -> None:
        fail_incentive_run(run=RunName(run), failure=failure)

    queue.task(CALCULATE_RUN, gave_up=gave_up)(calculate)


@dataclass(frozen=True, slots=True)
class QueuedRuns:
    """Defers the calculation of runs."""

    queue: JobQueue

    def calculate_later(self, run: RunName) -> None:
        """Defer it in the transaction under way."""
        self.queue.enqueue(CALCULATE_RUN, run=run)
