"""The PostgreSQL that the tests use: a container where a Docker engine answers, else our own.

`TANHENG_TEST_DATABASE` is `container` (fail rather than fall back), `embedded`, or empty.
`TANHENG_TEST_IMAGE` names the image; by default the one of `make image` if it is here, else
`postgres:17`.
"""

import contextlib
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import sqlalchemy as sa
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.config import testcontainers_config

from services.runtime.embedded_postgres import EmbeddedPostgres

LOCAL_IMAGE = "tanheng-test-postgres:15"
PUBLIC_IMAGE = "postgres:17"

_SERVER = "postgres -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
_SETTINGS = "-c max_connections=200 -c max_locks_per_transaction=256"
_DROP_ATTEMPTS = 20
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Database:
    """A running PostgreSQL: what it is, and how the owner role reaches it."""

    kind: str
    detail: str
    url: str

    def __str__(self) -> str:
        """Return the line that the run prints."""
        return f"database: {self.kind} {self.detail}"


@contextlib.contextmanager
def running_database() -> Iterator[Database]:
    """Run a PostgreSQL for as long as the block lasts."""
    wanted = os.environ.get("TANHENG_TEST_DATABASE", "")
    with contextlib.ExitStack() as stack:
        if wanted == "embedded":
            yield stack.enter_context(_embedded("as asked"))
            return
        try:
            database = stack.enter_context(_container())
        except Exception as error:
            if wanted == "container":
                raise
            database = stack.enter_context(_embedded(f"since {_reason(error)}"))
        yield database


def migrate(url: str) -> None:
    """Bring the database up to the newest revision, as the service does."""
    from services.runtime.migrations import upgrade  # noqa: PLC0415  most tests need none

    upgrade(url)


@contextlib.contextmanager
def new_database(server_url: str, *, template: str = "template1") -> Iterator[str]:
    """Create a database on the server, and drop it after the block."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _execute(server_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield with_database(server_url, name)
    finally:
        _drop(server_url, name)


def _drop(server_url: str, name: str) -> None:
    """Drop a database; its owner may not end an autovacuum of it, and waits for that."""
    for attempt in range(_DROP_ATTEMPTS):
        try:
            _execute(server_url, f"DROP DATABASE {name} WITH (FORCE)")
        except sa.exc.ProgrammingError:
            if attempt == _DROP_ATTEMPTS - 1:
                raise
            time.sleep(0.5)
        else:
            return


def with_database(url: str, name: str) -> str:
    """Return the same address for another database."""
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


@contextlib.contextmanager
def _embedded(why: str) -> Iterator[Database]:
    folder = Path(tempfile.mkdtemp(prefix="tanheng-tests-"))
    try:
        with EmbeddedPostgres(folder, durable=False) as server:
            yield Database("embedded", f"({why})", server.url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _container() -> Iterator[Database]:
    image = _image()
    container = PostgresContainer(image, username="postgres", dbname="postgres", driver="psycopg")
    with container.with_command(f"{_SERVER} {_SETTINGS}") as running:
        url = _create_owner(running.get_connection_url())
        yield Database("container", image, url)


def _image() -> str:
    """Choose the image, and do without the reaper where its image could not be pulled."""
    client = docker.from_env(timeout=30)
    client.ping()
    here = {tag for image in client.images.list() for tag in image.tags}
    default = LOCAL_IMAGE if LOCAL_IMAGE in here else PUBLIC_IMAGE
    image = os.environ.get("TANHENG_TEST_IMAGE", default)
    if image in here and testcontainers_config.ryuk_image not in here:
        testcontainers_config.ryuk_disabled = True
    return image


def _reason(error: Exception) -> str:
    """Say shortly why there is no container."""
    text = str(error)
    if "server API version" in text:
        return "no Docker engine answers"
    return f"no container starts: {text.splitlines()[0][:120]}"


def _create_owner(superuser_url: str) -> str:
    """Create the owner role with no more rights than it has in the embedded server."""
    _execute(
        superuser_url,
        "CREATE ROLE tanheng LOGIN CREATEDB CREATEROLE PASSWORD 'tanheng'",
        "CREATE DATABASE tanheng OWNER tanheng",
    )
    owner = sa.make_url(superuser_url).set(username="tanheng", password="tanheng")
    return with_database(owner.render_as_string(hide_password=False), "tanheng")


def _execute(url: str, *statements: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
