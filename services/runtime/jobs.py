"""Durable jobs: deferred in the transaction of the state they belong to, run by any worker.

The queue is procrastinate's, in PostgreSQL. A worker that dies takes nothing with it: its jobs
are handed out again after a few missed heartbeats, and each job is safe to repeat. A job that
fails time and again is given up, and whoever waits for it is told.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

import structlog
from procrastinate import (
    App,
    BaseRetryStrategy,
    JobContext,
    PsycopgConnector,
    RetryDecision,
    SyncPsycopgConnector,
)
from procrastinate.jobs import Job

from services.kernel.authority import SYSTEM
from services.kernel.errors import DomainError
from services.runtime.database import libpq_url, raw_connection
from services.runtime.roles import APP_ROLE
from services.runtime.unit_of_work import acting_as

LOG = structlog.get_logger("tanheng.job")
HEARTBEAT_SECONDS = 1.0
MISSED_SECONDS = 5.0
POLL_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 64
MOST_ATTEMPTS = 20
"""A job that was begun so often without an end, since its workers died, may well kill them."""

Work = Callable[..., None]


class GivenUp(Exception):
    """The job is not tried again."""


@dataclass(frozen=True, slots=True)
class _Task:
    name: str
    work: Work
    retry: int
    gave_up: Work | None


@dataclass(slots=True)
class JobQueue:
    """Defers jobs, and knows the work that each task name stands for."""

    url: str
    _tasks: list[_Task] = field(default_factory=list)
    _app: App = field(init=False)

    def __post_init__(self) -> None:
        """Make the side that defers; it never opens a pool of its own."""
        self._app = App(connector=SyncPsycopgConnector())

    def task(
        self, name: str, *, retry: int = 5, gave_up: Work | None = None
    ) -> Callable[[Work], Work]:
        """Name the work of a task; it is tried again up to ``retry`` times, ever later.

        When the last attempt failed too, ``gave_up`` is called with the same arguments and with
        ``failure``, a sentence that says why.
        """

        def register(work: Work) -> Work:
            self._tasks.append(_Task(name, work, retry, gave_up))
            return work

        return register

    def enqueue(self, task: str, /, **arguments: str | int) -> None:
        """Defer a job in the transaction under way: it exists only if that commits."""
        self._app.configure_task(task, connection=raw_connection()).defer(**arguments)

    async def work(self, *, concurrency: int) -> None:
        """Run jobs until cancelled, and take over those of workers that died."""
        app = App(connector=_connector(self.url, concurrency))
        for task in self._tasks:
            _register(app, task)
        try:
            await app.open_async()
            await _work_and_rescue(app, concurrency)
        finally:
            # Also when it was told to stop while it opened: a pool left half open never ends.
            await app.close_async()


async def _work_and_rescue(app: App, concurrency: int) -> None:
    async with asyncio.TaskGroup() as group:
        rescue = group.create_task(_rescue_forever(app))
        try:
            await app.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=False,
                fetch_job_polling_interval=POLL_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=MISSED_SECONDS,
                shutdown_graceful_timeout=20,
                delete_jobs="successful",
            )
        finally:
            rescue.cancel()


def _connector(url: str, concurrency: int) -> PsycopgConnector:
    options = f"-c role={APP_ROLE} -c search_path=jobs,public"
    return PsycopgConnector(
        conninfo=libpq_url(url),
        kwargs={"options": options},
        min_size=1,
        max_size=concurrency + 3,
    )


class _UntilGivenUp(BaseRetryStrategy):
    """Tries again, ever later, whatever happened but that the job was given up.

    So a failure that could not even be told is told with a later attempt.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Say when; ``job.attempts`` counts those before the one that failed."""
        if isinstance(exception, GivenUp):
            return None
        return RetryDecision(retry_in={"seconds": _wait_seconds(job.attempts)})


def _wait_seconds(attempts: int) -> int:
    return int(min(2 ** min(attempts + 1, 10), LONGEST_WAIT_SECONDS))


def _register(app: App, task: _Task) -> None:
    def run(context: JobContext, /, **arguments: str | int) -> None:
        with (
            structlog.contextvars.bound_contextvars(task=task.name, **arguments),
            acting_as(SYSTEM),
        ):
            _attempt(task, context.job, arguments)

    app.task(name=task.name, retry=_UntilGivenUp(), pass_context=True)(run)


def _attempt(task: _Task, job: Job, arguments: Mapping[str, str | int]) -> None:
    if job.attempts >= MOST_ATTEMPTS:
        _give_up(
            task, arguments, f"it was begun {job.attempts} times and its worker died each time"
        )
    try:
        task.work(**arguments)
    except Exception as error:
        LOG.exception("job failed", attempt=job.attempts)
        if job.attempts >= task.retry:
            _give_up(
                task, arguments, f"{_reason(error)} ({job.attempts + 1} attempts, job {job.id})"
            )
        raise
    LOG.info("job done", attempt=job.attempts)


def _give_up(task: _Task, arguments: Mapping[str, str | int], failure: str) -> NoReturn:
    """Tell whoever waits for the job, then end it."""
    LOG.error("job given up", failure=failure)
    if task.gave_up is not None:
        task.gave_up(**arguments, failure=failure)
    raise GivenUp(failure)


def _reason(error: Exception) -> str:
    """Say what failed; what a stranger's error says may hold data, and stays in the log."""
    if isinstance(error, DomainError):
        return f"{error.reason}: {error.message}"
    return f"{type(error).__name__}, which the log of the worker explains"


async def _rescue_forever(app: App) -> None:
    """Hand out again, each second, the jobs whose worker stopped giving signs of life."""
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=MISSED_SECONDS):
            LOG.warning("taking over the job of a dead worker", task=job.task_name, job=job.id)
            await app.job_manager.retry_job(job)
