"""The durable queue on a real database: deferred with the state, retried, taken over."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from services.kernel.authority import SYSTEM
from services.kernel.errors import Refused
from services.runtime.database import open_engine
from services.runtime.jobs import MOST_ATTEMPTS, JobQueue
from services.runtime.unit_of_work import Transactions, acting_as, current_connection
from tests.support.worker import working


@dataclass
class Desk:
    """A queue, and what its one task was called with."""

    queue: JobQueue
    transactions: Transactions
    calls: list[int] = field(default_factory=list)
    failures_left: int = 0
    attempts: int = 0
    given_up: list[tuple[int, str]] = field(default_factory=list)
    untold: int = 0

    def note(self, chunk: int) -> None:
        """Note a chunk, or fail first."""
        if self.failures_left:
            self.failures_left -= 1
            raise RuntimeError("not yet")
        self.calls.append(chunk)

    def refuse(self, chunk: int) -> None:
        """Fail, whatever the chunk."""
        self.attempts += 1
        raise Refused(f"chunk {chunk} lacks a price", subject="test")

    def hear(self, chunk: int, failure: str) -> None:
        """Hear that a chunk was given up, or fail to hear it first."""
        if self.untold:
            self.untold -= 1
            raise RuntimeError("the line is dead")
        self.given_up.append((chunk, failure))


@pytest.fixture
def desk(fresh_database: str) -> Iterator[Desk]:
    """A desk on a database of its own."""
    engine = open_engine(fresh_database, pool_size=4)
    desk = Desk(JobQueue(fresh_database), Transactions(engine))
    desk.queue.task("test.note")(desk.note)
    desk.queue.task("test.refuse", retry=1, gave_up=desk.hear)(desk.refuse)
    desk.queue.task("test.refuse_once", retry=0, gave_up=desk.hear)(desk.refuse)
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


def _states(desk: Desk) -> list[str]:
    with desk.transactions():
        query = text("SELECT status::text FROM procrastinate_jobs ORDER BY id")
        return list(current_connection().scalars(query))


def test_gives_a_job_up_after_its_last_attempt_and_says_why(desk: Desk) -> None:
    with desk.transactions():
        desk.queue.enqueue("test.refuse", chunk=7)
    with working(desk.queue):
        assert _await(lambda: _states(desk) == ["failed"])
    assert desk.attempts == 2
    [(chunk, failure)] = desk.given_up
    assert chunk == 7
    assert failure.startswith("WRONG_STATE: chunk 7 lacks a price (2 attempts, job ")


def test_gives_a_job_up_again_when_nobody_could_be_told(desk: Desk) -> None:
    desk.untold = 1
    with desk.transactions():
        desk.queue.enqueue("test.refuse_once", chunk=8)
    with working(desk.queue):
        assert _await(lambda: _states(desk) == ["failed"])
    assert desk.attempts == 2
    assert [chunk for chunk, _ in desk.given_up] == [8]


def test_gives_a_job_up_unbegun_when_it_was_begun_too_often_without_an_end(desk: Desk) -> None:
    with desk.transactions():
        desk.queue.enqueue("test.refuse", chunk=9)
        current_connection().execute(
            text("UPDATE procrastinate_jobs SET attempts = :most"), {"most": MOST_ATTEMPTS}
        )
    with working(desk.queue):
        assert _await(lambda: _states(desk) == ["failed"])
    assert desk.attempts == 0
    assert "its worker died each time" in desk.given_up[0][1]


def test_tells_no_more_of_a_strangers_error_than_its_kind(desk: Desk) -> None:
    secret = "account 6222 0000"

    def fail(chunk: int) -> None:
        raise ValueError(f"{secret} of {chunk}")

    desk.queue.task("test.leak", retry=0, gave_up=desk.hear)(fail)
    with desk.transactions():
        desk.queue.enqueue("test.leak", chunk=1)
    with working(desk.queue):
        assert _await(lambda: len(desk.given_up) == 1)
    assert "ValueError" in desk.given_up[0][1]
    assert secret not in desk.given_up[0][1]


@pytest.mark.parametrize("milliseconds", [0, 5, 10, 20, 40, 80])
def test_stops_at_once_when_told_to_while_it_opens(desk: Desk, milliseconds: int) -> None:
    begun = time.monotonic()
    with working(desk.queue):
        time.sleep(milliseconds / 1_000)
    assert time.monotonic() - begun < 5
