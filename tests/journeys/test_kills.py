"""Kill −9 at any stage of a month, again and again: the same books as if nothing had happened."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from google.protobuf import json_format
from google.protobuf.message import Message

from services.runtime.settings import Settings
from services.runtime.tokens import development_token
from tests.support.client import Client, Json
from tests.support.month import GroupOffice, patiently

KILLS = 20
PLANTS = 8
_KILLED_SHARE = 0.9
_STARTING_SECONDS = 60.0
_MONTHS = tuple(f"2025-{number:02d}" for number in range(1, 13))
_ROOT = Path(__file__).parents[2]

# `python -m services`, which cuts runs into chunks of three customers, or contracts.
_SMALL_CHUNKS = """
import sys
from services import __main__
from services.billing.domain import billing_run
from services.settlement.application import start_settlement_run

billing_run.CHUNK_SIZE = start_settlement_run.CONTRACTS_PER_CHUNK = 3
sys.exit(__main__.main(sys.argv[1:]))
"""
_TIMES = ("recordTime", "createTime", "postTime", "closeTime", "time", "issueTime")


@dataclass
class Server:
    """`python -m services serve` in a folder, started again whenever it is killed.

    With several ``workers`` its runs have several chunks for them.
    """

    data_dir: Path
    port: int
    workers: int
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Start it; does not wait."""
        module = ["-m", "services"] if self.workers == 1 else ["-c", _SMALL_CHUNKS]
        command = [sys.executable, *module, "serve"]
        options = ["--data-dir", str(self.data_dir), "--port", str(self.port)]
        options += ["--workers", str(self.workers)]
        log = (self.data_dir.parent / "serve.log").open("ab")
        self.process = subprocess.Popen(
            [*command, *options], cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=log
        )

    def kill(self) -> None:
        """Kill the server itself."""
        self.process.kill()
        self.process.wait()

    def seconds_to_answer(self) -> float:
        """Wait until it listens; how long that took."""
        begun = time.monotonic()
        while time.monotonic() < begun + _STARTING_SECONDS:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    break
            except OSError:
                time.sleep(0.05)
        return time.monotonic() - begun

    def kill_worker(self) -> int:
        """Kill the first worker, which is a child of the server; how many were killed."""
        workers = [c for c in _children(self.process.pid) if b"worker" in _command_line(c)]
        for worker in workers[:1]:
            os.kill(worker, signal.SIGKILL)
        return len(workers[:1])

    def kill_database(self) -> None:
        """Kill the PostgreSQL, which is a child of the server too."""
        folder = self.data_dir / "postgres" / "cluster"
        os.kill(int((folder / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)

    def stop(self) -> None:
        """Stop it in order, once it is there to be told."""
        self.seconds_to_answer()
        self.process.terminate()
        assert self.process.wait(timeout=60) == 0


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(child) for child in text.split()]


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


@contextmanager
def _server(folder: Path, *, workers: int = 1) -> Iterator[tuple[Server, GroupOffice]]:
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(folder / "data", port, workers)
    settings = Settings(data_dir=server.data_dir, port=port)
    server.start()

    def token(role: str, subject: str, customers: tuple[str, ...]) -> str:
        return development_token(
            settings=settings, subject=subject, roles=[role], customers=list(customers)
        )

    client = Client(f"127.0.0.1:{port}", token)
    try:
        yield server, GroupOffice(client)
    finally:
        client.channel.close()
        server.stop()


@dataclass
class Killer:
    """Kills the server or its worker within moments of many a step, and starts the server again.

    Its pace is that of the steps, so that a fast machine is disturbed as often as a slow one; some
    kills fall into the start after another, which takes ``starting`` seconds.
    """

    server: Server
    random: random.Random
    starting: float
    kills: int = 0
    _under_way: threading.Thread | None = None

    def step(self) -> None:
        """Perhaps kill soon: called before each step."""
        if self._under_way is not None and self._under_way.is_alive():
            return
        if self.random.random() < _KILLED_SHARE:
            delay, again = self.random.uniform(0, 0.4), self.random.uniform(0, 3 * self.starting)
            victim = self._kill_worker if self.random.random() < 0.5 else self._kill_server
            self._under_way = threading.Thread(target=victim, args=(delay, again), daemon=True)
            self._under_way.start()

    def end(self) -> None:
        """Come to an end before the server is stopped."""
        if self._under_way is not None:
            self._under_way.join()

    def _kill_worker(self, delay: float, _again: float) -> None:
        time.sleep(delay)
        self.kills += self.server.kill_worker()

    def _kill_server(self, delay: float, again: float) -> None:
        time.sleep(delay)
        self._restart()
        if again < self.starting:
            time.sleep(again)
            self._restart()

    def _restart(self) -> None:
        self.server.kill()
        self.server.start()
        self.kills += 1


@dataclass(frozen=True, slots=True)
class DisturbedOffice(GroupOffice):
    """A month among kills."""

    killer: Killer

    def do(self, method: str, request: Json, *, role: str, subject: str = "", key: str) -> Message:
        """Do one step, at the killer's mercy."""
        self.killer.step()
        return GroupOffice.do(self, method, request, role=role, subject=subject, key=key)


def _books(office: GroupOffice) -> list[str]:
    """Everything that finance would print, without the moments at which it was written."""
    pages: tuple[tuple[str, Json], ...] = (
        ("ledger.LedgerService/ListJournalEntries", {}),
        ("billing.BillingService/ListInvoices", {}),
        ("settlement.SettlementService/ListSettlements", {}),
        ("settlement.TradeService/ListAllocations", {}),
        ("settlement.SettlementService/ListMonths", {}),
    )
    lines: list[str] = []
    for method, request in pages:
        token = ""
        while True:
            asked = {**request, "page_size": 1000, "page_token": token}
            answer = patiently(partial(office.client.call, method, asked, role="auditor"))
            lines.append(_without_times(json_format.MessageToDict(answer)))
            token = answer.next_page_token  # type: ignore[attr-defined]
            if not token:
                break
    balance = {"as_of_date": {"year": 2026, "month": 1, "day": 1}}
    answer = patiently(
        lambda: office.client.call("ledger.LedgerService/GetTrialBalance", balance, role="auditor")
    )
    return [*lines, _without_times(json_format.MessageToDict(answer))]


def _without_times(value: object) -> str:
    if isinstance(value, dict):
        kept = {k: _without_times(v) for k, v in sorted(value.items()) if not _is_time(k)}
        return str(kept)
    if isinstance(value, list):
        return str([_without_times(item) for item in value])
    return str(value)


def _is_time(key: str) -> bool:
    return (
        key in _TIMES or key.endswith("Time") or key in {"nextPageToken", "knownAt", "recordedAt"}
    )


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_gives_the_same_books_after_twenty_kills(tmp_path: Path) -> None:
    months = 0
    with _server(tmp_path / "disturbed", workers=2) as (server, office):
        starting = server.seconds_to_answer()
        office.set_up(plants=PLANTS)
        killer = Killer(server, random.Random(20250331), starting)
        disturbed_office = DisturbedOffice(office.client, killer)
        try:
            for month in _MONTHS:
                disturbed_office.run_month(month, plants=PLANTS)
                months += 1
                if killer.kills >= KILLS:
                    break
        finally:
            killer.end()
        disturbed = _books(office)
    with _server(tmp_path / "undisturbed") as (_, office):
        office.set_up(plants=PLANTS)
        for month in _MONTHS[:months]:
            office.run_month(month, plants=PLANTS)
        undisturbed = _books(office)
    assert disturbed == undisturbed
    assert killer.kills >= KILLS


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_takes_over_the_chunks_of_a_dead_worker_within_fifteen_seconds(tmp_path: Path) -> None:
    with _server(tmp_path / "one") as (server, office):
        office.set_up(plants=PLANTS)
        started = time.monotonic()
        operation = office.do(
            "billing.BillingService/StartBillingRun",
            {"month": "2025-01"},
            role="finance_operator",
            key="bill",
        )
        server.kill_worker()
        office.finish(operation)
        assert time.monotonic() - started < 15


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_goes_on_after_its_database_was_killed(tmp_path: Path) -> None:
    with _server(tmp_path / "one") as (server, office):
        office.set_up(plants=1)
        server.kill_database()
        office.run_month("2025-01", plants=1)
