"""The service as a program: started, waited for, asked for tokens, stopped. Never imported."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clients.cli.errors import InputRefused, ServiceNotReady

PROGRAM = (sys.executable, "-m", "services")
READY = re.compile(r"\bready on (\S+:\d+)\s")
START_SECONDS = 90.0
STOP_SECONDS = 30.0
TOKEN_SECONDS = 60.0
TOKENS_AT_ONCE = 2
LAST_LINES = 20
INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_SECONDS = 0.1
SETTINGS = "TANHENG_"
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token is for: a subject, its roles, and the customers it may see."""

    subject: str
    roles: Sequence[str]
    customers: Sequence[str] = ()


def make_token(
    data_dir: Path, bearer: Bearer, *, environment: Mapping[str, str] | None = None
) -> str:
    """Ask the service for a token signed by the key of a data folder.

    Raises:
        InputRefused: the service refused, for instance an unknown role; its last line says why.
    """
    return make_tokens(data_dir, [bearer], environment=environment)[0]


def make_tokens(
    data_dir: Path, bearers: Iterable[Bearer], *, environment: Mapping[str, str] | None = None
) -> list[str]:
    """Ask for several tokens, two at once; none is still being made when this ends, however.

    Raises:
        InputRefused: see ``make_token``.
    """
    made: list[str] = []
    under_way: deque[subprocess.Popen[str]] = deque()
    try:
        for bearer in bearers:
            with _uninterrupted():
                under_way.append(_ask_for_token(data_dir, bearer, environment))
            if len(under_way) == TOKENS_AT_ONCE:
                made.append(_token_of(under_way[0]))
                under_way.popleft()
        while under_way:
            made.append(_token_of(under_way[0]))
            under_way.popleft()
    finally:
        for process in under_way:
            process.kill()
            process.communicate()
    return made


def _ask_for_token(
    data_dir: Path, bearer: Bearer, environment: Mapping[str, str] | None
) -> "subprocess.Popen[str]":
    options = ["--data-dir", str(data_dir), "--subject", bearer.subject]
    options += [part for role in bearer.roles for part in ("--role", role)]
    options += [part for customer in bearer.customers for part in ("--customer", customer)]
    return subprocess.Popen(
        [*PROGRAM, "token", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def _token_of(process: "subprocess.Popen[str]") -> str:
    said, complained = process.communicate(timeout=TOKEN_SECONDS)
    if process.returncode != 0 or not said.split():
        last = (complained.strip() or "it said nothing").splitlines()[-1]
        raise InputRefused(f"no token was made: {last}")
    return said.split()[-1]


def unsettled_environment() -> dict[str, str]:
    """The environment without any setting of the service."""
    return {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}


@dataclass(frozen=True, slots=True)
class RunningService:
    """A service that said it is ready, and where."""

    address: str
    data_dir: Path


@contextmanager
def running_service(data_dir: Path, *, log: Path) -> Iterator[RunningService]:
    """Start the whole service on a free port, wait until it is ready, and stop it at the end.

    All that it prints goes to ``log``. It leads a process group of its own, so that an interrupt
    at the keyboard reaches only this program, which then stops it in order. Settings of the
    caller's environment, such as another database, are not for it.

    Raises:
        ServiceNotReady: it ended, or did not say that it is ready in time.
    """
    command = [*PROGRAM, "serve", "--data-dir", str(data_dir), "--port", "0"]
    started: subprocess.Popen[bytes] | None = None
    try:
        with log.open("wb") as lines, _uninterrupted():
            started = subprocess.Popen(
                command,
                stdout=lines,
                stderr=subprocess.STDOUT,
                env=unsettled_environment(),
                start_new_session=True,
                preexec_fn=_end_with_parent(os.getpid()),  # noqa: PLW1509 - no thread is there yet
            )
        yield RunningService(_ready_address(started, log), data_dir)
    finally:
        if started is not None:
            _stop(started)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put interrupts off: a child that is half started when one comes would be nobody's."""
    came: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _frame: came.append(number))
        for number in INTERRUPTS
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])


def _end_with_parent(parent: int) -> Callable[[], None]:
    """Make a step for the child: be told to stop when this program is killed."""
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _ready_address(started: "subprocess.Popen[bytes]", log: Path) -> str:
    """Follow what it prints until it says that it is ready."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        over = started.poll() is not None
        printed = log.read_text(errors="replace")
        if found := READY.search(printed):
            return found[1]
        if over:
            break
        time.sleep(LOOK_SECONDS)
    last = "\n".join(log.read_text(errors="replace").splitlines()[-LAST_LINES:])
    raise ServiceNotReady(f"the service did not become ready; its last lines were:\n{last}")


def _stop(started: "subprocess.Popen[bytes]") -> None:
    if started.poll() is None:
        started.send_signal(signal.SIGTERM)
    try:
        started.wait(STOP_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):  # or an impatient second Ctrl-C
        started.kill()
        started.wait()
