"""The work of billing runs, as jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from services.billing.application.bill_chunk import BillChunk
from services.kernel.identifiers import RunName

BILL_CHUNK = "billing.bill_chunk"
"""The task that computes one chunk of a run."""


class Queue(Protocol):
    """What is asked of the queue."""

    def enqueue(self, task: str, /, **arguments: str | int) -> None:
        """Defer a job in the transaction under way."""
        ...

    def task(
        self, name: str, *, retry: int = 5
    ) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """Name the work of a task."""
        ...


@dataclass(frozen=True, slots=True)
class QueuedChunks:
    """Fits the application's queue port to the queue."""

    queue: Queue

    def bill_chunk(self, *, run: RunName, chunk: int) -> None:
        """Defer a chunk."""
        self.queue.enqueue(BILL_CHUNK, run=run, chunk=chunk)


def register(queue: Queue, bill_chunk: BillChunk) -> None:
    """Tell the queue what the task stands for."""

    def work(*, run: str, chunk: int) -> None:
        bill_chunk(run=RunName(run), chunk=chunk)

    queue.task(BILL_CHUNK)(work)
