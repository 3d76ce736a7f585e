"""The work of valuations, as jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from services.kernel.identifiers import ValuationName
from services.pricing.application.fail_valuation import FailValuation
from services.pricing.application.value_chunk import ValueChunk

VALUE_CHUNK = "pricing.value_chunk"
"""The task that computes one chunk of a valuation."""


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

    def value_chunk(self, *, valuation: ValuationName, chunk: int) -> None:
        """Defer a chunk."""
        self.queue.enqueue(VALUE_CHUNK, valuation=valuation, chunk=chunk)


def register(queue: Queue, value_chunk: ValueChunk, fail_valuation: FailValuation) -> None:
    """Tell the queue what the task stands for, and what becomes of a valuation without a chunk."""

    def work(*, valuation: str, chunk: int) -> None:
        value_chunk(valuation=ValuationName(valuation), chunk=chunk)

    def gave_up(*, valuation: str, chunk: int, failure: str) -> None:
        fail_valuation(valuation=ValuationName(valuation), failure=f"chunk {chunk}: {failure}")

    queue.task(VALUE_CHUNK, gave_up=gave_up)(work)
