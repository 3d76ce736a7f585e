"""Bring a database from empty to the newest shape: one linear history for all rooms."""

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, text

from services.runtime.database import psycopg_url

_LOCK = 7_304_190_001  # any constant; keeps two servers that start at once apart


def upgrade(url: str, *, metadata: Sequence[MetaData] = (), revision: str = "head") -> None:
    """Run what is missing, under a lock. ``url`` names the owner of the tables."""
    engine = create_engine(psycopg_url(url))
    config = Config(attributes={"metadata": list(metadata)})
    config.set_main_option("script_location", str(Path(__file__).parent))
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            connection.commit()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()
    finally:
        engine.dispose()
