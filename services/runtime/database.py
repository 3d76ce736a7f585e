"""The engine, and the way that many rows go in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count

import psycopg
from sqlalchemy import Engine, Table, create_engine, make_url

from services.runtime.frozen_json import from_json_text, to_json_text
from services.runtime.roles import APP_ROLE
from services.runtime.unit_of_work import current_connection

SEARCH_PATH = "public,jobs"
COPY_NULL = "\\N"
_COPY_NAMES = count()
_NEEDS_ESCAPE = re.compile(r"[\\\t\n\r]")
_COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def open_engine(url: str, *, pool_size: int) -> Engine:
    """Open a pool of connections as the app role, which owns nothing.

    The role is taken by a connection option, so the address may name any user that is a member
    of it. READ COMMITTED: under REPEATABLE READ a rival claim of a request id would be an error.
    """
    return create_engine(
        psycopg_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,  # what callers sent has no place in a log
        isolation_level="READ COMMITTED",
        json_serializer=to_json_text,
        json_deserializer=from_json_text,
        connect_args={"options": f"-c role={APP_ROLE} -c search_path={SEARCH_PATH}"},
    )


def psycopg_url(url: str) -> str:
    """Name the driver in an address that leaves it open."""
    parsed = make_url(url)
    driver = "postgresql+psycopg"
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


def libpq_url(url: str) -> str:
    """Write an address as PostgreSQL's own library reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def raw_connection() -> psycopg.Connection[tuple[object, ...]]:
    """Give the driver's own connection of the unit of work under way."""
    driver = current_connection().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("the engine is not on psycopg")
    return driver


def bulk_insert(table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert many rows in one statement: COPY to a temporary table, then INSERT … SELECT.

    COPY straight into the table is refused under row-level security. All rows name the same
    columns, those of the first.
    """
    if not rows:
        return
    columns = list(rows[0])
    with _insert_by_copy(table, columns, {}) as copy:
        for row in rows:
            copy.write_row([row[column] for column in columns])


def bulk_insert_lines(
    table: Table,
    columns: Sequence[str],
    lines: Sequence[str],
    *,
    alike: Mapping[str, object] | None = None,
) -> None:
    """Insert many rows as ``bulk_insert`` does, each written as a line of COPY's text form.

    Several times quicker where a run writes a hundred thousand rows of the same few words. Values
    are separated by tabs; ``COPY_NULL`` stands for none, and ``copy_text`` writes a free text.
    ``alike`` are columns that have one value in all rows.

    Raises:
        ValueError: a value has a tab or a line break in it.
    """
    if not lines:
        return
    text = "\n".join(lines)
    expected = (len(lines) - 1, len(lines) * (len(columns) - 1))
    if (text.count("\n"), text.count("\t")) != expected:
        raise ValueError(f"lines for {table.name} have not {len(columns)} values each")
    with _insert_by_copy(table, columns, alike or {}) as copy:
        copy.write(text)


def copy_text(value: str) -> str:
    """Write a free text as COPY's text form wants it."""
    return value.translate(_COPY_ESCAPES) if _NEEDS_ESCAPE.search(value) else value


@contextmanager
def _insert_by_copy(
    table: Table, columns: Sequence[str], alike: Mapping[str, object]
) -> Iterator[psycopg.Copy]:
    scratch, connection = f"scratch_{next(_COPY_NAMES)}", current_connection()
    names = ", ".join(f'"{column}"' for column in columns)
    shape = ", ".join(f'"{column}" {_type_of(table, column)}' for column in columns)
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {scratch} ({shape}) ON COMMIT DROP")
    with (
        raw_connection().cursor() as cursor,
        cursor.copy(f"COPY {scratch} ({names}) FROM STDIN") as copy,
    ):
        yield copy
    target = f'"{table.schema}"."{table.name}"' if table.schema else f'"{table.name}"'
    names = ", ".join([names, *(f'"{column}"' for column in alike)])
    values = ", ".join(
        [
            *(f'"{column}"' for column in columns),
            *(f"%({column})s::{_type_of(table, column)}" for column in alike),
        ]
    )
    connection.exec_driver_sql(
        f"INSERT INTO {target} ({names}) SELECT {values} FROM {scratch}",  # noqa: S608 - names of our tables
        dict(alike) or None,
    )
    connection.exec_driver_sql(f"DROP TABLE {scratch}")


def _type_of(table: Table, column: str) -> str:
    return table.c[column].type.compile(dialect=current_connection().dialect)
