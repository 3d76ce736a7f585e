"""A PostgreSQL of our own, started as a child and gone when we are gone.

    with EmbeddedPostgres(Path("/var/lib/tanheng")) as server:
        engine = create_engine(server.url)

The data folder, which may be any, holds `cluster/` (PostgreSQL's own) and `postgres.log`. This
account and the server's may connect, by peer authentication, through a Unix socket. Nothing
listens on the network. The role `tanheng` owns the database `tanheng` and is no superuser.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
import urllib.parse
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from services.runtime.postgres_account import HERE, Account, our_name, server_account
from services.runtime.postgres_binaries import find_binaries
from services.runtime.postgres_folders import DataFolder, EmbeddedPostgresError

LOG = structlog.get_logger("tanheng.postgres")
OWNER_ROLE = "tanheng"
DATABASE = "tanheng"

_STARTS = 3  # of one that ends at once, when it is to be started again
_START_PATIENCE = 300.0  # seconds, since recovery after a power cut may read much
_STOP_PATIENCE = 30.0  # seconds until a fast shutdown becomes an immediate one
_LOG_LIMIT = 10_000_000  # bytes, then the log of the runs before is put aside

_INITDB = (
    "--username=postgres",
    "--auth-local=peer",
    "--auth-host=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)
_FIRST_WORDS = (
    f"CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB CREATEROLE;\n"
    f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE};\n"
)
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "max_locks_per_transaction": "256",  # monthly partitions
    "createrole_self_grant": "set, inherit",  # the owner may step into the roles it creates
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %a ",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """Starts, watches over and stops one PostgreSQL on one data folder.

    Start it from the main thread: the server shuts down when the thread that started it ends.
    `durable=False` gives up safety against a power cut for speed, and is for tests.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._folder = DataFolder(data_dir)
        self._durable = durable
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for the owner role; the same for any process of this account."""
        host = urllib.parse.quote(str(self._folder.sockets), safe="/")
        return f"postgresql+psycopg://{OWNER_ROLE}@/{DATABASE}?host={host}"

    def start(self) -> str:
        """Create the database where there is none, start the server, and return its `url`.

        Raises:
            DataFolderInUseError: another server runs on the data folder.
            DataFolderUnusableError: the folder holds something else, or cannot be ours.
            EmbeddedPostgresError: the server does not come up; the message ends its log.
        """
        if threading.current_thread() is not threading.main_thread():
            message = "start the embedded PostgreSQL from the main thread"
            raise EmbeddedPostgresError(message)
        if self._server is None:
            try:
                self._start(server_account())
            except BaseException:
                self.stop()
                raise
        return self.url

    def restart_if_dead(self) -> None:
        """Start the server again if it ended by itself, as when somebody killed it.

        Raises:
            EmbeddedPostgresError: it does not come up again, tried thrice; the message ends its
                log.
        """
        for attempt in range(1, _STARTS + 1):
            if self._server is None or self._server.poll() is None:
                return
            LOG.warning("PostgreSQL ended; starting it again", exit_code=self._server.returncode)
            account = server_account()
            self._folder.await_predecessor()
            self._folder.prepare_sockets(account)
            self._spawn(account, find_binaries(account))
            try:
                self._await_readiness()
            except EmbeddedPostgresError:
                if attempt == _STARTS or self._server.poll() is None:
                    raise

    def stop(self) -> None:
        """Shut the server down in order; do nothing where none was started."""
        if self._server is not None:
            _end(self._server)
            self._server = None
            self._folder.remove_sockets()
        self._folder.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _start(self, account: Account) -> None:
        binaries = find_binaries(account)
        self._folder.prepare(account)
        self._folder.claim()
        self._folder.await_predecessor()
        self._create_cluster(account, binaries)
        self._write_access_files(account)
        self._folder.prepare_sockets(account)
        self._spawn(account, binaries)
        self._await_readiness()

    def _create_cluster(self, account: Account, binaries: Path) -> None:
        """Build the cluster aside and rename it, so that half a cluster is never used."""
        cluster = self._folder.cluster
        if cluster.is_dir():
            account.give(cluster)
            return
        unfinished = cluster.with_suffix(".unfinished")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir()
        unfinished.chmod(0o700)
        account.give(unfinished)
        sync = [] if self._durable else ["--no-sync"]
        create = [f"{binaries}/initdb", f"--pgdata={HERE}", *_INITDB, *sync]
        _check(account.run(create, folder=unfinished))
        alone = [f"{binaries}/postgres", "--single", "-D", str(HERE)]
        alone += ["-c", "exit_on_error=on", "-c", f"fsync={'on' if self._durable else 'off'}"]
        _check(account.run([*alone, "postgres"], folder=unfinished, text=_FIRST_WORDS))
        unfinished.rename(cluster)

    def _spawn(self, account: Account, binaries: Path) -> None:
        settings = _SETTINGS | ({} if self._durable else _NOT_DURABLE)
        settings["unix_socket_directories"] = str(self._folder.sockets)
        settings["cluster_name"] = self._folder.server_name
        options = [f"--{name}={value}" for name, value in settings.items()]
        log = self._open_log()
        try:
            command = [f"{binaries}/postgres", "-D", str(HERE), *options]
            self._server = account.spawn(command, folder=self._folder.cluster, log=log)
        finally:
            os.close(log)

    def _write_access_files(self, account: Account) -> None:
        """Let this account and the server's connect as the owner or as superuser; no one else.

        The server's account writes them: root never writes in a folder that is not its own.
        """
        names = sorted({our_name(), account.name})
        lines = [
            f'tanheng "{name}" {role}\n' for name in names for role in (OWNER_ROLE, "postgres")
        ]
        texts = {"pg_hba.conf": "local all all peer map=tanheng\n", "pg_ident.conf": "".join(lines)}
        for name, text in texts.items():
            write = ["/bin/sh", "-c", 'cat >"$1"', "sh", name]
            _check(account.run(write, folder=self._folder.cluster, text=text))

    def _open_log(self) -> int:
        log = self._folder.log
        if log.exists() and log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        return os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)

    def _await_readiness(self) -> None:
        deadline = time.monotonic() + _START_PATIENCE
        while self._server is not None:
            if self._folder.server_status() == (self._server.pid, "ready"):
                return
            if self._server.poll() is not None or time.monotonic() > deadline:
                log = self._folder.log
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
                code = self._server.returncode
                ended = "does not come up" if code is None else f"ended with exit code {code}"
                message = f"PostgreSQL {ended}; {log} ends:\n{tail}"
                raise EmbeddedPostgresError(message)
            time.sleep(0.01)


def _check(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode != 0:
        message = f"{Path(done.args[0]).name} failed:\n{done.stdout}"
        raise EmbeddedPostgresError(message)


def _end(server: subprocess.Popen[bytes]) -> None:
    """Ask for a fast shutdown, then for an immediate one, then insist."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(number)
        try:
            server.wait(timeout=_STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            continue
        return
