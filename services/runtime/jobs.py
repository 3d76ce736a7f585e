"""Durable jobs: deferred in the transaction of the state they belong to, run by any worker.

The queue is procrastinate's, in PostgreSQL. A worker that dies takes nothing with it: its jobs
are handed out again after a few missed heartbeats, and each job is safe to repeat.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy, SyncPsycopgConnector

from services.kernel.authority import SYSTEM
from services.runtime.database import APP_ROLE, libpq_url, raw_connection
from services.runtime.unit_of_work import acting_as

LOG = structlog.get_logger("tanheng.job")
HEARTBEAT_SECONDS = 1.0
MISSED_SECONDS = 5.0
POLL_SECONDS = 1.0

Work = Callable[..., None]


@dataclass(frozen=True, slots=True)
class _Task:
    name: str
    work: Work
    retry: int


@dataclass(slots=True)
class JobQueue:
    """Defers jobs, and knows the work that each task name stands for."""

    url: str
    _tasks: list[_Task] = field(default_factory=list)
    _app: App = field(init=False)

    def __post_init__(self) -> None:
        """Make the side that defers; it never opens a pool of its own."""
        self._app = App(connector=SyncPsycopgConnector())

    def task(self, name: str, *, retry: int = 5) -> Callable[[Work], Work]:
        """Name the work of a task; it is tried again up to ``retry`` times, ever later."""

        def register(work: Work) -> Work:
            self._tasks.append(_Task(name, work, retry))
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
        async with app.open_async(), asyncio.TaskGroup() as group:
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


def _register(app: App, task: _Task) -> None:
    strategy = RetryStrategy(max_attempts=task.retry, exponential_wait=2)

    def run(context: JobContext, /, **arguments: str | int) -> None:
        attempt = context.job.attempts
        with (
            structlog.contextvars.bound_contextvars(task=task.name, **arguments),
            acting_as(SYSTEM),
        ):
            try:
                task.work(**arguments)
            except Exception:
                LOG.exception("job failed", attempt=attempt)
                raise
            LOG.info("job done", attempt=attempt)

    app.task(name=task.name, retry=strategy, pass_context=True)(run)


async def _rescue_forever(app: App) -> None:
    """Hand out again, each second, the jobs whose worker stopped giving signs of life."""
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=MISSED_SECONDS):
            LOG.warning("taking over the job of a dead worker", task=job.task_name, job=job.id)
            await app.job_manager.retry_job(job)
