"""The operating system's account that the embedded PostgreSQL runs as.

PostgreSQL refuses to run as root, and fresh machines and CI often are root: then the server runs as
`nobody`, and only its own folders belong to that account. They may lie where it could never walk,
below root's home for instance: we start it inside, and it calls the place `HERE`. The kernel
follows that name straight to the folder, past whatever lies above, so no privilege is lent.
"""

import ctypes
import functools
import os
import pwd
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

_ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"}
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)

HERE = Path("/proc/self/cwd")
"""What a command calls the folder it was started in, wherever that is."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account that may run the server; `borrowed` when we are root and it is another."""

    name: str
    uid: int
    gid: int
    borrowed: bool

    def run(
        self, command: list[str], *, folder: Path = Path("/"), text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as this account inside `folder`, feed it `text`, capture what it says."""
        return subprocess.run(
            command,
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd=folder,
            env=_ENVIRONMENT,
            umask=0o077,
            user=self.uid if self.borrowed else None,
            group=self.gid if self.borrowed else None,
            extra_groups=[] if self.borrowed else None,
        )

    def spawn(self, command: list[str], *, folder: Path, log: int) -> subprocess.Popen[bytes]:
        """Start a server inside `folder` that ends when this process ends, and Ctrl-C spares."""
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env=_ENVIRONMENT,
            umask=0o077,
            user=self.uid if self.borrowed else None,
            group=self.gid if self.borrowed else None,
            extra_groups=[] if self.borrowed else None,
            start_new_session=True,
            preexec_fn=functools.partial(_die_with, os.getpid()),  # noqa: PLW1509
        )

    def give(self, path: Path) -> None:
        """Make this account the owner of `path` and of all below it."""
        if not self.borrowed or path.lstat().st_uid == self.uid:
            return
        for folder, folders, files in os.walk(path):
            for name in [*folders, *files]:
                os.chown(Path(folder, name), self.uid, self.gid, follow_symlinks=False)
        os.chown(path, self.uid, self.gid, follow_symlinks=False)


def server_account() -> Account:
    """The account to run the server as: our own, or `nobody` when we are root."""
    borrowed = os.geteuid() == 0
    entry = pwd.getpwnam("nobody") if borrowed else pwd.getpwuid(os.geteuid())
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, borrowed)


def our_name() -> str:
    """The name of the account that this process itself runs as, and connects as."""
    return pwd.getpwuid(os.geteuid()).pw_name


def _die_with(parent: int) -> None:
    """Ask the kernel for SIGINT, a fast and orderly shutdown, when the starting thread ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # it ended before we could ask
