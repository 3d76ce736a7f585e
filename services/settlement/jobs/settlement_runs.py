"""The work of settlement runs, as jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from services.kernel.identifiers import RunName
from services.settlement.application.settle_chunk import SettleChunk

SETTLE_CHUNK = "settlement.settle_chunk"
"""The task that settles one chunk of a run."""


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

    def settle_chunk(self, *, run: RunName, chunk: int) -> None:
        """Defer a chunk."""
        self.queue.enqueue(SETTLE_CHUNK, run=run, chunk=chunk)


def register(queue: Queue, settle_chunk: SettleChunk) -> None:
    """Tell the queue what the task stands for."""

    def work(*, run: str, chunk: int) -> None:
        settle_chunk(run=RunName(run), chunk=chunk)

    queue.task(SETTLE_CHUNK)(work)
