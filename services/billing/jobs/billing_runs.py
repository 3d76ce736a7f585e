"""The work of billing runs, as jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from services.billing.application.bill_chunk import BillChunk
from services.billing.application.fail_billing_run import FailBillingRun
from services.kernel.identifiers import RunName

BILL_CHUNK = "billing.bill_chunk"
"""The task that computes one chunk of a run."""


class Queue(Protocol):
    """What is asked of the queue."""

    def enqueue(self, task: str, /, **arguments: str | int) -> None:
        """Defer a job in the transaction under way."""
        ...

    def task(
        self, name: str, *, retry: int = 5, gave_up: Callable[..., None] | None = None
    ) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """Name the work of a task, and who is told when it failed for the last time."""
        ...


@dataclass(frozen=True, slots=True)
class QueuedChunks:
    """Fits the application's queue port to the queue."""

    queue: Queue

    def bill_chunk(self, *, run: RunName, chunk: int) -> None:
        """Defer a chunk."""
        self.queue.enqueue(BILL_CHUNK, run=run, chunk=chunk)


def register(queue: Queue, bill_chunk: BillChunk, fail_billing_run: FailBillingRun) -> None:
    """Tell the queue what the task stands for, and what becomes of a run without one chunk."""

    def work(*, run: str, chunk: int) -> None:
        bill_chunk(run=RunName(run), chunk=chunk)

    def gave_up(*, run: str, chunk: int, failure: str) -> None:
        fail_billing_run(run=RunName(run), failure=f"chunk {chunk}: {failure}")

    queue.task(BILL_CHUNK, gave_up=gave_up)(work)
