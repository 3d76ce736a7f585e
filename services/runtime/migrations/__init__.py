"""Bring a database from empty to the newest shape: one linear history for all rooms."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from services.runtime.database import psycopg_url

VERSION_TABLE = "schema_version"
_LOCK = 7_304_190_001  # any constant; keeps two servers that start at once apart


class DatabaseUnreachable(RuntimeError):
    """The database does not let us in; the message says what it, or the network, said."""


class DatabaseNewer(RuntimeError):
    """The database has a shape that this version does not know."""

    def __init__(self, shapes: Collection[str]) -> None:
        """Name the shape."""
        super().__init__(
            f"the database was brought to shape {', '.join(sorted(shapes))} by a newer version;"
            " run that version, or restore a backup from before"
        )


def upgrade(url: str, *, metadata: Sequence[MetaData] = (), revision: str = "head") -> None:
    """Run what is missing, under a lock. ``url`` names the owner of the tables.

    Raises:
        DatabaseUnreachable, DatabaseNewer: before anything was done.
    """
    with _config(url, metadata) as config:
        _refuse_newer(config)
        command.upgrade(config, revision)


def downgrade(url: str, *, metadata: Sequence[MetaData] = (), revision: str) -> None:
    """Take back what came after a revision, with all its rows; ``base`` is before the first."""
    with _config(url, metadata) as config:
        command.downgrade(config, revision)


@contextmanager
def _config(url: str, metadata: Sequence[MetaData]) -> Iterator[Config]:
    """Open the history on a connection that holds the lock."""
    engine = create_engine(psycopg_url(url))
    config = Config(attributes={"metadata": list(metadata)})
    config.set_main_option("script_location", str(Path(__file__).parent))
    try:
        with _connected(engine) as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            connection.commit()
            config.attributes["connection"] = connection
            yield config
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()
    finally:
        engine.dispose()


def _refuse_newer(config: Config) -> None:
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    connection: Connection = config.attributes["connection"]
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    unknown = set(context.get_current_heads()) - known
    connection.rollback()
    if unknown:
        raise DatabaseNewer(unknown)


def _connected(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except OperationalError as refusal:
        said = str(refusal.orig).partition("\n")[0]
        raise DatabaseUnreachable(
            f"the database cannot be reached: {said}; see that it runs,"
            " and what TANHENG_DATABASE_URL names"
        ) from None
