"""The supervisor of the embedded PostgreSQL, tried on real servers."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.runtime.embedded_postgres import EmbeddedPostgres
from services.runtime.postgres_account import Account, server_account
from services.runtime.postgres_folders import (
    DataFolderInUseError,
    DataFolderUnusableError,
    EmbeddedPostgresError,
)

_PARENT = """
import sys, time
from pathlib import Path
from services.runtime.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
print(server.start(), flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    """A data folder that has been used once and holds one row; made where any account can go."""
    folder = Path(tempfile.mkdtemp(prefix="tanheng-tests-"))
    with EmbeddedPostgres(folder, durable=False) as server:
        _ask(server.url, "CREATE TABLE kept AS SELECT 42 AS value", "SELECT 1")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def other_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tanheng-tests-"))
    yield folder
    shutil.rmtree(folder)


@contextlib.contextmanager
def _parent(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs a server on the folder."""
    command = [sys.executable, "-c", _PARENT, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().startswith("postgresql+psycopg://")
        yield parent
        parent.kill()


def _ask(url: str, *statements: str) -> object:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        return [connection.execute(sa.text(each)) for each in statements][-1].scalar()


def _server_pid(folder: Path) -> int:
    return int((folder / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def _await_end(pid: int) -> None:
    """Wait until a child of ours has ended; its parent has not asked for its exit code yet."""
    deadline = time.monotonic() + 10
    while "State:\tZ" not in Path(f"/proc/{pid}/status").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _sockets(url: str) -> Path:
    return Path(str(sa.make_url(url).query["host"]))


def test_keeps_what_was_written(prepared: Path) -> None:
    with EmbeddedPostgres(prepared, durable=False) as server:
        assert _ask(server.url, "SELECT value FROM kept") == 42


def test_is_durable_unless_told_otherwise(prepared: Path) -> None:
    with EmbeddedPostgres(prepared) as server:
        assert _ask(server.url, "SHOW fsync") == "on"


def test_listens_on_no_network(prepared: Path) -> None:
    with EmbeddedPostgres(prepared, durable=False) as server:
        assert _ask(server.url, "SHOW listen_addresses") == ""


def test_closes_its_folders_to_strangers(prepared: Path) -> None:
    with EmbeddedPostgres(prepared, durable=False) as server:
        assert not stat.S_IMODE(prepared.stat().st_mode) & 0o007
        assert stat.S_IMODE((prepared / "cluster").stat().st_mode) == 0o700
        assert stat.S_IMODE(_sockets(server.url).stat().st_mode) == 0o700


def test_leaves_no_process_and_no_sockets(prepared: Path) -> None:
    with EmbeddedPostgres(prepared, durable=False) as server:
        pid = _server_pid(prepared)
    assert not Path(f"/proc/{pid}").exists()
    assert not _sockets(server.url).exists()


def test_is_started_again_after_it_was_killed(prepared: Path) -> None:
    with EmbeddedPostgres(prepared, durable=False) as server:
        server.restart_if_dead()
        killed = _server_pid(prepared)
        os.kill(killed, signal.SIGKILL)
        _await_end(killed)
        server.restart_if_dead()
        assert _server_pid(prepared) != killed
        assert _ask(server.url, "SELECT value FROM kept") == 42


def test_is_started_again_though_it_ends_at_once_at_first(
    prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, starts = Account.spawn, list[str]()

    def spawn(
        account: Account, command: list[str], *, folder: Path, log: int
    ) -> subprocess.Popen[bytes]:
        starts.append(command[0])
        ends = len(starts) == 1
        return really(account, ["/bin/false"] if ends else command, folder=folder, log=log)

    with EmbeddedPostgres(prepared, durable=False) as server:
        monkeypatch.setattr(Account, "spawn", spawn)
        os.kill(_server_pid(prepared), signal.SIGKILL)
        _await_end(_server_pid(prepared))
        server.restart_if_dead()
        assert len(starts) == 2
        assert _ask(server.url, "SELECT value FROM kept") == 42


def test_is_not_started_for_ever(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really = Account.spawn

    def spawn(
        account: Account, command: list[str], *, folder: Path, log: int
    ) -> subprocess.Popen[bytes]:
        del command
        return really(account, ["/bin/false"], folder=folder, log=log)

    with EmbeddedPostgres(prepared, durable=False) as server:
        monkeypatch.setattr(Account, "spawn", spawn)
        os.kill(_server_pid(prepared), signal.SIGKILL)
        _await_end(_server_pid(prepared))
        with pytest.raises(EmbeddedPostgresError, match="ended with exit code 1"):
            server.restart_if_dead()


def test_is_not_started_again_while_a_process_of_the_killed_one_may_write(prepared: Path) -> None:
    with EmbeddedPostgres(prepared, durable=False) as server, ThreadPoolExecutor(1) as thread:
        busy = "SELECT count(*) FROM generate_series(1, 20000000)"
        asked = thread.submit(_ask, server.url, busy)
        time.sleep(0.5)
        os.kill(_server_pid(prepared), signal.SIGKILL)
        _await_end(_server_pid(prepared))
        server.restart_if_dead()
        asked.exception(timeout=1)  # its process is gone, whether it could still answer or not
        assert asked.done()
        assert _ask(server.url, "SELECT value FROM kept") == 42


def test_stops_twice_without_complaint(prepared: Path) -> None:
    server = EmbeddedPostgres(prepared, durable=False)
    server.start()
    server.stop()
    server.stop()


def test_shuts_down_when_its_parent_is_killed(prepared: Path) -> None:
    log = prepared / "postgres.log"
    with _parent(prepared) as parent:
        parent.kill()
        parent.wait()
        deadline = time.monotonic() + 10
        while "system is shut down" not in log.read_text()[-200:] and time.monotonic() < deadline:
            time.sleep(0.02)
    assert "system is shut down" in log.read_text()[-200:]


def test_starts_at_once_after_its_parent_was_killed(prepared: Path) -> None:
    with _parent(prepared) as parent:
        engine = sa.create_engine(EmbeddedPostgres(prepared).url)
        with engine.connect():  # a session that is still open when the parent goes
            parent.kill()
            parent.wait()
            with EmbeddedPostgres(prepared, durable=False) as server:
                assert _ask(server.url, "SELECT value FROM kept") == 42
        engine.dispose()


def test_starts_at_once_after_the_server_was_killed(prepared: Path) -> None:
    first = EmbeddedPostgres(prepared, durable=False)
    engine = sa.create_engine(first.start())
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        os.kill(_server_pid(prepared), signal.SIGKILL)
        first.stop()
        with EmbeddedPostgres(prepared, durable=False) as server:
            assert _ask(server.url, "SELECT value FROM kept") == 42
        connection.invalidate()
    engine.dispose()


def test_refuses_a_folder_that_another_process_uses(prepared: Path) -> None:
    with _parent(prepared), pytest.raises(DataFolderInUseError):
        EmbeddedPostgres(prepared, durable=False).start()


def test_refuses_a_folder_that_this_process_uses(prepared: Path) -> None:
    with EmbeddedPostgres(prepared, durable=False) as server:
        with pytest.raises(DataFolderInUseError):
            EmbeddedPostgres(prepared, durable=False).start()
        assert _ask(server.url, "SELECT value FROM kept") == 42


def test_disbelieves_a_stale_pid_file(prepared: Path) -> None:
    """The process it names lives, but is no server: numbers are used again."""
    stale = prepared / "cluster" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{prepared}/cluster\n1\n5432\n\n\n\nready\n")
    with EmbeddedPostgres(prepared, durable=False) as server:
        assert _ask(server.url, "SELECT value FROM kept") == 42


def test_begins_again_after_a_creation_that_was_cut_short(other_folder: Path) -> None:
    (other_folder / "supervisor.lock").touch()
    (other_folder / "cluster.unfinished").mkdir()
    (other_folder / "cluster.unfinished" / "PG_VERSION").touch()
    with EmbeddedPostgres(other_folder, durable=False) as server:
        assert _ask(server.url, "SELECT current_user") == "tanheng"


def test_leaves_a_folder_alone_that_holds_something_else(other_folder: Path) -> None:
    (other_folder / "thesis.txt").touch()
    mode = other_folder.stat().st_mode
    with pytest.raises(DataFolderUnusableError, match="something else"):
        EmbeddedPostgres(other_folder).start()
    assert other_folder.stat().st_mode == mode


def test_refuses_sockets_in_a_folder_that_is_not_ours(prepared: Path) -> None:
    server = EmbeddedPostgres(prepared, durable=False)
    folder = _sockets(server.url)
    folder.symlink_to(prepared)
    try:
        with pytest.raises(EmbeddedPostgresError, match="in the way"):
            server.start()
    finally:
        folder.unlink()


def test_finds_a_short_place_for_its_sockets(
    prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/x" + "x" * 90)
    with EmbeddedPostgres(prepared, durable=False) as server:
        assert (_sockets(server.url) / ".s.PGSQL.5432").is_socket()


def test_starts_only_from_the_main_thread(prepared: Path) -> None:
    refusals: list[Exception] = []

    def start() -> None:
        try:
            EmbeddedPostgres(prepared).start()
        except EmbeddedPostgresError as error:
            refusals.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(refusals[0])


def test_says_what_the_log_says_when_it_does_not_come_up(other_folder: Path) -> None:
    with EmbeddedPostgres(other_folder, durable=False):
        pass
    (other_folder / "cluster" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(EmbeddedPostgresError, match="incompatible"):
        EmbeddedPostgres(other_folder, durable=False).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root borrows another account")
def test_root_gives_only_the_cluster_away(prepared: Path) -> None:
    with EmbeddedPostgres(prepared, durable=False):
        assert prepared.stat().st_uid == 0
        assert (prepared / "cluster").stat().st_uid == server_account().uid


@pytest.fixture(params=["below a closed folder", "below root's home", "in a temporary folder"])
def closed_folder(
    request: pytest.FixtureRequest, tmp_path: Path, other_folder: Path
) -> Iterator[Path]:
    """A data folder that only we can walk to."""
    if request.param == "below a closed folder":
        tmp_path.chmod(0o700)
        yield tmp_path / "deeper" / "data"
    elif request.param == "below root's home":
        home = Path(tempfile.mkdtemp(prefix="tanheng-tests-", dir=Path.home()))
        yield home / "data"
        shutil.rmtree(home)
    else:
        yield other_folder


def test_runs_wherever_we_may_write(closed_folder: Path) -> None:
    with EmbeddedPostgres(closed_folder, durable=False) as server:
        _ask(server.url, "CREATE TABLE kept AS SELECT 42 AS value", "SELECT 1")
    with _parent(closed_folder) as parent:
        parent.kill()
        parent.wait()
        with EmbeddedPostgres(closed_folder, durable=False) as server:
            assert _ask(server.url, "SELECT value FROM kept") == 42


def test_loads_what_it_loads_while_running_from_a_closed_folder(tmp_path: Path) -> None:
    """Parallel workers, temporary files and checkpoints all go by the name of the folder."""
    tmp_path.chmod(0o700)
    with EmbeddedPostgres(tmp_path / "data", durable=False) as server:
        answer = _ask(
            server.url,
            "SET work_mem = '64kB'",
            "CREATE TABLE many AS SELECT n FROM generate_series(1, 50000) n",
            "SET debug_parallel_query = on",
            "SELECT sum(n) FROM (SELECT n FROM many ORDER BY -n OFFSET 0) sorted",
        )
        assert answer == 50_000 * 50_001 // 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root borrows another account")
def test_lends_the_server_no_privilege(prepared: Path) -> None:
    with EmbeddedPostgres(prepared, durable=False):
        status = Path(f"/proc/{_server_pid(prepared)}/status").read_text()
        lent = {line.split()[0]: line.split()[1] for line in status.splitlines() if "Cap" in line}
        assert int(lent["CapEff:"], 16) == 0


def test_takes_its_sockets_where_the_server_can_go(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with EmbeddedPostgres(prepared, durable=False) as server:
        assert _ask(server.url, "SELECT value FROM kept") == 42
