"""The data folder of an embedded PostgreSQL, and the short one of its sockets.

Neither lets strangers in. One process at a time runs a server on a data folder; a kill frees the
claim, and then the server that is left behind, which is shutting down, is waited for.
"""

import fcntl
import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from services.runtime.postgres_account import Account

_PATIENCE = 10.0  # seconds for the server of a killed parent to go
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")  # sockaddr_un
_CONTENTS = {"cluster", "supervisor.lock"}
_STATE_LINE = 7  # of postmaster.pid, counted from 0


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL cannot run."""


class DataFolderInUseError(EmbeddedPostgresError):
    """Another server runs on {folder}."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"another server runs on {folder}: connect to that one, stop it first, "
            "or choose another data folder"
        )
        self.folder = folder


class DataFolderUnusableError(EmbeddedPostgresError):
    """The data folder {folder} cannot be used: {reason}."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"the data folder {folder} cannot be used: {reason}")
        self.folder = folder


def default_data_dir() -> Path:
    """The data folder of this account where nobody chose one."""
    if os.geteuid() == 0:
        return Path("/var/lib/tanheng")
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base, "tanheng")


class DataFolder:
    """The folder of one cluster: who may use it, and whether a server already does."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        self.cluster = self.path / "cluster"
        self.log = self.path / "postgres.log"
        self._lock: int | None = None

    @property
    def digest(self) -> str:
        """A short name of the place, the same for everybody."""
        return hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]

    @property
    def server_name(self) -> str:
        """What the server on this folder is called, in its title and its own `cluster_name`."""
        return f"tanheng-{self.digest}"

    @property
    def sockets(self) -> Path:
        """A short path that any process of this account works out from the data folder alone."""
        folder = Path(tempfile.gettempdir(), f"tanheng-{os.geteuid()}-{self.digest}")
        short = len(os.fsencode(folder)) <= _LONGEST_SOCKET_FOLDER
        if short and (os.geteuid() != 0 or _open_to_all(folder.parent)):
            return folder
        return Path("/tmp", folder.name)  # noqa: S108  its owner and mode are checked

    def prepare(self, account: Account) -> None:
        """Make the folder, closed to all but us; the server's account will own the cluster in it.

        Raises:
            DataFolderUnusableError: it holds something else, belongs to another account, or lies
                on a disk that is read-only or keeps no owners.
        """
        try:
            self._make(account)
        except PermissionError as error:
            raise DataFolderUnusableError(self.path, "it belongs to another account") from error
        except OSError as error:
            raise DataFolderUnusableError(self.path, error.strerror or str(error)) from error

    def claim(self) -> None:
        """Lock the folder for this process: a fork does not inherit the lock, a kill frees it.

        Raises:
            DataFolderInUseError: this or another living process runs a server on it.
        """
        pid = self._living_server()
        if pid is not None and _parent_of(pid) == os.getpid():
            raise DataFolderInUseError(self.path)
        lock = self.path / "supervisor.lock"
        self._lock = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.lockf(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DataFolderInUseError(self.path) from error

    def release(self) -> None:
        """Let others claim the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def await_predecessor(self) -> None:
        """Let the server of a killed parent finish, then clear what it may have left.

        Where the server itself was killed, its processes end when they notice; until then they
        may write, and nobody else must.
        """
        deadline = time.monotonic() + _PATIENCE
        while self._living_server() is not None or self._has_orphans():
            if time.monotonic() > deadline:
                raise DataFolderInUseError(self.path)
            time.sleep(0.02)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def prepare_sockets(self, account: Account) -> None:
        """Make the folder of the sockets, or make sure that the one there is ours and closed."""
        folder = self.sockets
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            pass
        else:
            folder.chmod(0o700)
            account.give(folder)
        found = folder.lstat()
        closed = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
        if not closed or found.st_uid != account.uid:
            message = f"{folder} is in the way: it is not a closed folder of {account.name}"
            raise EmbeddedPostgresError(message)
        for left_behind in folder.iterdir():
            left_behind.unlink()

    def remove_sockets(self) -> None:
        """Remove the folder of the sockets, which the server has emptied."""
        if self.sockets.is_dir() and not any(self.sockets.iterdir()):
            self.sockets.rmdir()

    def server_status(self) -> tuple[int | None, str]:
        """The process and the state that postmaster.pid tells of."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None, ""
        pid = int(lines[0]) if lines and lines[0].isdecimal() else None
        return pid, lines[_STATE_LINE].strip() if len(lines) > _STATE_LINE else ""

    def _make(self, account: Account) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        present = {entry.name for entry in self.path.iterdir()}
        if present and not present & _CONTENTS:
            raise DataFolderUnusableError(self.path, "it holds something else; choose an empty one")
        # The server's account owns only the cluster in a folder of root's: so it can put nothing
        # in the way of what root writes.
        if account.borrowed:
            os.chown(self.path, 0, 0)
        self.path.chmod(0o700)

    def _living_server(self) -> int | None:
        """The process named in postmaster.pid, if it lives and serves this very cluster."""
        pid, _ = self.server_status()
        # Unlike its working folder, this is readable without the right to trace processes.
        command = _command_line(Path(f"/proc/{pid}")).split(b"\0")
        return pid if f"--cluster_name={self.server_name}".encode() in command else None

    def _has_orphans(self) -> bool:
        """Tell whether processes of this cluster live on, by the titles that they bear."""
        title = f"postgres: {self.server_name}: ".encode()
        return any(_command_line(process).startswith(title) for process in _processes())


def _processes() -> Iterator[Path]:
    """Name the folders of all processes."""
    return (entry for entry in Path("/proc").iterdir() if entry.name.isdecimal())


def _command_line(process: Path) -> bytes:
    """Read a process's command line; nothing where it has ended meanwhile."""
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def _open_to_all(folder: Path) -> bool:
    """Tell whether any account can go into a folder, by the modes on the way to it."""
    way = (folder.resolve(), *folder.resolve().parents)
    return all(step.is_dir() and step.stat().st_mode & stat.S_IXOTH for step in way)


def _parent_of(pid: int) -> int | None:
    """The parent of a process, read behind its name, which may hold anything."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None
