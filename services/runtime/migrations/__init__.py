"""Bring a database from empty to the newest shape: one linear history for all rooms."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, text

from services.runtime.database import psycopg_url

_LOCK = 7_304_190_001  # any constant; keeps two servers that start at once apart


def upgrade(url: str, *, metadata: Sequence[MetaData] = (), revision: str = "head") -> None:
    """Run what is missing, under a lock. ``url`` names the owner of the tables."""
    with _config(url, metadata) as config:
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
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            connection.commit()
            config.attributes["connection"] = connection
            yield config
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()
    finally:
        engine.dispose()
