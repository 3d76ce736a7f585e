"""The calculation of a run, deferred."""

from dataclasses import dataclass

from services.incentives.application.calculate_run import CalculateRun
from services.kernel.identifiers import RunName
from services.runtime.jobs import JobQueue

CALCULATE_RUN = "incentives.calculate_run"


def register(queue: JobQueue, calculate_run: CalculateRun) -> None:
    """Tell the queue what the task does."""

    def calculate(run: str) -> None:
        calculate_run(run=RunName(run))

    queue.task(CALCULATE_RUN)(calculate)


@dataclass(frozen=True, slots=True)
class QueuedRuns:
    """Defers the calculation of runs."""

    queue: JobQueue

    def calculate_later(self, run: RunName) -> None:
        """Defer it in the transaction under way."""
        self.queue.enqueue(CALCULATE_RUN, run=run)
