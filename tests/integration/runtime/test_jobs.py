"""The durable queue on a real database: deferred with the state, retried, taken over."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from services.kernel.authority import SYSTEM
from services.runtime.database import open_engine
from services.runtime.jobs import JobQueue
from services.runtime.unit_of_work import Transactions, acting_as, current_connection
from tests.support.worker import working


@dataclass
class Desk:
    """A queue, and what its one task was called with."""

    queue: JobQueue
    transactions: Transactions
    calls: list[int] = field(default_factory=list)
    failures_left: int = 0

    def note(self, chunk: int) -> None:
        """Note a chunk, or fail first."""
        if self.failures_left:
            self.failures_left -= 1
            raise RuntimeError("not yet")
        self.calls.append(chunk)


@pytest.fixture
def desk(fresh_database: str) -> Iterator[Desk]:
    """A desk on a database of its own."""
    engine = open_engine(fresh_database, pool_size=4)
    desk = Desk(JobQueue(fresh_database), Transactions(engine))
    desk.queue.task("test.note")(desk.note)
    with acting_as(SYSTEM):
        yield desk
    engine.dispose()


def _await(condition: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def test_runs_what_was_deferred_in_a_committed_transaction(desk: Desk) -> None:
    with desk.transactions():
        desk.queue.enqueue("test.note", chunk=1)
        desk.queue.enqueue("test.note", chunk=2)
    with working(desk.queue):
        assert _await(lambda: sorted(desk.calls) == [1, 2])


def test_forgets_what_was_deferred_in_a_transaction_that_rolled_back(desk: Desk) -> None:
    with desk.transactions():
        desk.queue.enqueue("test.note", chunk=1)
        current_connection().rollback()
    with desk.transactions():
        count = current_connection().execute(text("SELECT count(*) FROM procrastinate_jobs"))
        assert count.scalar_one() == 0


def test_tries_again_what_failed(desk: Desk) -> None:
    desk.failures_left = 1
    with desk.transactions():
        desk.queue.enqueue("test.note", chunk=7)
    with working(desk.queue):
        assert _await(lambda: desk.calls == [7])


def test_takes_over_the_job_of_a_worker_that_gives_no_sign_of_life(desk: Desk) -> None:
    with desk.transactions():
        desk.queue.enqueue("test.note", chunk=3)
        current_connection().execute(
            text(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '1 minute') RETURNING id)"
                " UPDATE procrastinate_jobs SET status = 'doing',"
                " worker_id = (SELECT id FROM dead)"
            )
        )
    with working(desk.queue):
        assert _await(lambda: desk.calls == [3])
