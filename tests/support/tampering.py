"""Statements that no code of ours sends: tried by the app role and by the owner of the database."""

import json
from collections.abc import Mapping

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from services.runtime.database import psycopg_url
from services.runtime.roles import EVERYONE_ROLE

_SCOPE = "SELECT set_config('app.scope', '*', true), set_config('app.sees_persons', 'true', true)"


def copy_of(table: str, changes: Mapping[str, object], *, where: str = "true") -> str:
    """Write a statement that adds a row like one that is there, but for some columns."""
    return (
        f"INSERT INTO {table} SELECT (jsonb_populate_record(t, '{json.dumps(changes)}')).*"  # noqa: S608  the tests' own words
        f" FROM {table} t WHERE {where} LIMIT 1"
    )


def assert_refused(database: str, *statements: str, match: str) -> None:
    """See that the last statement is refused after the others, to the owner by a guard.

    The app role may lack the privilege instead.
    """
    _assert_refused(database, statements, match=match, role=None)
    _assert_refused(database, statements, match=f"{match}|permission denied", role=EVERYONE_ROLE)


def assert_refused_to_the_app(database: str, *statements: str, match: str) -> None:
    """See that the last statement is refused to the app role, after the others."""
    _assert_refused(database, statements, match=match, role=EVERYONE_ROLE)


def do_as_owner(database: str, *statements: str) -> None:
    """Carry out some statements as the owner of the database."""
    engine = create_engine(psycopg_url(database), poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def _assert_refused(
    database: str, statements: tuple[str, ...], *, match: str, role: str | None
) -> None:
    engine = create_engine(psycopg_url(database), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(_SCOPE))
        if role is not None:
            connection.execute(text(f"SET LOCAL ROLE {role}"))
        for statement in statements[:-1]:
            assert connection.execute(text(statement)).rowcount, statement
        with pytest.raises(DBAPIError, match=match):
            connection.execute(text(statements[-1]))
