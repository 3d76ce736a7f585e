"""The processes of the house: one that watches, and those that serve, work and keep time."""

import asyncio
import contextlib
import ctypes
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from services.bootstrap.house import ALL_METADATA, House, build_house
from services.bootstrap.platform import build_platform
from services.runtime.embedded_postgres import EmbeddedPostgres
from services.runtime.migrations import upgrade
from services.runtime.settings import Settings
from services.runtime.stop_request import StopRequest

LOG = structlog.get_logger("tanheng.process")
_WATCH_SECONDS = 0.3
_GRACE_SECONDS = 30.0
_PR_SET_PDEATHSIG = 1


def serve(settings: Settings) -> None:
    """Run everything: database, migrations, servers, workers, a clock; until told to stop.

    The server is this process when there is one, and children when there are more; the workers,
    the first of them with the clock, are always children. Children are started again when they
    die, and so is a database of our own.
    """
    stop = StopRequest.on_signals()
    with _database(settings) as (url, databases):
        upgrade(url, metadata=ALL_METADATA)
        with _children(settings, url) as children:
            if settings.processes == 1:
                with _serving(settings, url) as port:
                    _announce(settings, port)
                    _watch([*databases, *children], stop)
            else:
                _await_port(settings, stop)
                _announce(settings, settings.port)
                _watch([*databases, *children], stop)


def serve_only(settings: Settings) -> None:
    """Serve calls on a database that is there already."""
    stop = StopRequest.on_signals()
    with _serving(settings, _given_database(settings)) as port:
        _announce(settings, port)
        stop.wait()


def work(settings: Settings, *, with_scheduler: bool) -> None:
    """Run jobs, and the clock too where asked, on a database that is there already."""
    stop = StopRequest.on_signals()
    house = _house(settings, threads=settings.worker_threads + 2)
    house.register_jobs()
    clock = house.clockwork() if with_scheduler else None
    if clock is not None:
        clock.start()
    try:
        asyncio.run(_work_until(house, settings.worker_threads, stop))
    finally:
        if clock is not None:
            clock.stop()
        house.platform.engine.dispose()


def keep_time(settings: Settings) -> None:
    """Run the clock alone."""
    stop = StopRequest.on_signals()
    house = _house(settings, threads=2)
    clock = house.clockwork()
    clock.start()
    stop.wait()
    clock.stop()
    house.platform.engine.dispose()


def migrate(settings: Settings) -> None:
    """Bring the database to the newest shape and end."""
    with _database(settings) as (url, _):
        upgrade(url, metadata=ALL_METADATA)


def _house(settings: Settings, *, threads: int, url: str | None = None) -> House:
    address = url or _given_database(settings)
    platform = build_platform(settings=settings, database_url=address, threads=threads)
    house = build_house(platform)
    spare_the_collector()
    return house


def spare_the_collector() -> None:
    """Keep what is assembled for good out of garbage collection, and collect the rest more rarely.

    A run makes hundreds of thousands of rows and hardly a cycle among them: looking at all of them,
    and at every module, again and again was measured to take a quarter of a settlement run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _given_database(settings: Settings) -> str:
    if settings.database_url is None:
        raise SystemExit("set TANHENG_DATABASE_URL: only `serve` brings a database of its own")
    return settings.database_url


@contextmanager
def _database(settings: Settings) -> Iterator[tuple[str, list[EmbeddedPostgres]]]:
    """Give the address of the database that is named, or of our own child, and that child."""
    if settings.database_url is not None:
        yield settings.database_url, []
        return
    with EmbeddedPostgres(settings.data_dir / "postgres") as postgres:
        yield postgres.url, [postgres]


@contextmanager
def _serving(settings: Settings, url: str) -> Iterator[int]:
    house = _house(settings, threads=settings.server_threads, url=url)
    server = house.server()
    server.start()
    try:
        yield server.port
    finally:
        server.stop()
        house.platform.engine.dispose()


async def _work_until(house: House, concurrency: int, stop: StopRequest) -> None:
    worker = asyncio.create_task(house.platform.queue.work(concurrency=concurrency))
    while not stop.is_asked() and not worker.done():  # noqa: ASYNC110 - set by a signal handler
        await asyncio.sleep(_WATCH_SECONDS)
    _end_at_last()
    if not worker.done():
        worker.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await worker


def _end_at_last() -> None:
    """End after a grace whatever still waits: for a job, or for a database that went first.

    A parent that lives would see to that; one that was killed cannot. What was not committed is
    retried.
    """
    last = threading.Timer(_GRACE_SECONDS, os._exit, args=(1,))
    last.daemon = True
    last.start()


# --- children ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Child:
    """A process of ours that is started again when it dies."""

    command: list[str]
    environment: dict[str, str]
    running: subprocess.Popen[bytes]

    @classmethod
    def start(cls, command: list[str], environment: dict[str, str]) -> "_Child":
        return cls(command, environment, _spawn(command, environment))

    def end(self) -> None:
        """Wait until it ends, and kill it after its grace; what was not committed is retried."""
        try:
            self.running.wait(timeout=_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            LOG.warning("a child did not end in time; killing it", command=self.command[3:5])
            self.running.kill()
            self.running.wait()

    def restart_if_dead(self) -> None:
        if self.running.poll() is not None:
            LOG.warning("a child ended; starting it again", command=self.command[3:5])
            self.running = _spawn(self.command, self.environment)


@contextmanager
def _children(settings: Settings, url: str) -> Iterator[list[_Child]]:
    children = [_Child.start(command, _environment(url)) for command in _commands(settings)]
    try:
        yield children
    finally:
        for child in children:
            child.running.terminate()
        for child in children:
            child.end()


def _commands(settings: Settings) -> Iterator[list[str]]:
    base = [sys.executable, "-m", "services"]
    common = ["--data-dir", str(settings.data_dir)]
    for number in range(settings.workers):
        clock = ["--with-scheduler"] if settings.with_scheduler and number == 0 else []
        threads = ["--worker-threads", str(settings.worker_threads)]
        yield [*base, "worker", *common, *threads, *clock]
    if settings.with_scheduler and settings.workers == 0:
        yield [*base, "scheduler", *common]
    if settings.processes > 1:
        address = ["--host", settings.host, "--port", str(settings.port)]
        insecure = ["--insecure"] if settings.insecure else []
        # The children are given the address of our own database, and are as trusting as we are.
        trust = ["--development-tokens"] if settings.embedded_database else []
        for _ in range(settings.processes):
            yield [*base, "server", *common, *address, *insecure, *trust, "--share-port"]


def _environment(url: str) -> dict[str, str]:
    return {**os.environ, "TANHENG_DATABASE_URL": url}


def _spawn(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    parent = os.getpid()
    root = Path(__file__).resolve().parents[2]

    def die_with_parent() -> None:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        # Until it heeds signals itself: an interrupt at the keyboard is ours to pass on.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if os.getppid() != parent:
            os._exit(1)

    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command,
        env=environment,
        cwd=root,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread is there yet
    )


def _watch(watched: Sequence[_Child | EmbeddedPostgres], stop: StopRequest) -> None:
    while not stop.wait(_WATCH_SECONDS):
        for each in watched:
            each.restart_if_dead()


def _await_port(settings: Settings, stop: StopRequest) -> None:
    """Wait until one of the children answers on the shared port."""
    while not stop.is_asked():
        with (
            contextlib.suppress(OSError),
            socket.create_connection((settings.host, settings.port), timeout=1),
        ):
            return
        time.sleep(_WATCH_SECONDS)


def with_free_port(settings: Settings) -> Settings:
    """Choose a port now where 0 was asked for and several processes must share it."""
    if settings.processes == 1 or settings.port:
        return settings
    with socket.socket() as probe:
        probe.bind((settings.host, 0))
        return replace(settings, port=probe.getsockname()[1])


def _announce(settings: Settings, port: int) -> None:
    print(f"tanheng is ready on {settings.host}:{port}", flush=True)  # noqa: T201 - the one line
