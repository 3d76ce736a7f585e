"""One connection for everything that belongs together, carried by a context variable."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from sqlalchemy import Connection, Engine, text

from services.kernel.authority import Principal
from services.runtime.deadline import milliseconds_left
from services.runtime.roles import APP_ROLE, EVERYONE_ROLE

_principal: Final[ContextVar[Principal]] = ContextVar("principal")
_connection: Final[ContextVar["Connection | _Trial | None"]] = ContextVar(
    "connection", default=None
)

# Read by the policies of row-level security; local to the transaction.
_SET_SCOPE = text(
    "SELECT set_config('app.subject', :subject, true), set_config('app.scope', :scope, true),"
    " set_config('app.sees_persons', :sees_persons, true),"
    " set_config('statement_timeout', :milliseconds, true), set_config('role', :role, true)"
)
_ROLES_THAT_SEE_PERSONS = frozenset({"hr", "system"})


class NoUnitOfWork(RuntimeError):
    """A repository was used outside a unit of work: a mistake of ours, not of the caller."""


def current_connection() -> Connection:
    """Give the connection of the unit of work under way.

    Raises:
        NoUnitOfWork: there is none.
    """
    connection = _connection.get()
    if connection is None:
        raise NoUnitOfWork("no unit of work is under way")
    return connection.opened() if isinstance(connection, _Trial) else connection


def current_principal() -> Principal:
    """Name the caller of the call, or the job, under way."""
    return _principal.get()


@contextmanager
def acting_as(principal: Principal) -> Iterator[None]:
    """Act in someone's name: authority and row security follow."""
    token = _principal.set(principal)
    try:
        yield
    finally:
        _principal.reset(token)


class _Trial:
    """A connection that is taken when it is first asked for, and rolled back in the end."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def opened(self) -> Connection:
        """Give the connection, in its transaction."""
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.execute(_SET_SCOPE, _scope_of(_principal.get()))
        return self._connection

    def close(self) -> None:
        """Roll back whatever was tried."""
        if self._connection is not None:
            self._connection.close()


class Transactions:
    """Opens a transaction on an engine, or joins the one under way; the outermost commits."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine."""
        self._engine = engine

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Open or join."""
        if _connection.get() is not None:
            yield
            return
        with self._engine.begin() as connection:
            connection.execute(_SET_SCOPE, _scope_of(_principal.get()))
            token = _connection.set(connection)
            try:
                yield
            finally:
                _connection.reset(token)

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Open a transaction of which nothing is kept; it is begun when it is first used."""
        if _connection.get() is not None:
            raise NoUnitOfWork("a trial was asked for inside a unit of work")
        trial = _Trial(self._engine)
        token = _connection.set(trial)
        try:
            yield
        finally:
            _connection.reset(token)
            trial.close()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Open a transaction of its own, for what must be kept when the call is refused.

        Never inside another: a second connection held by one thread can starve the pool.
        """
        if _connection.get() is not None:
            raise NoUnitOfWork("a transaction apart was asked for inside a unit of work")
        with self():
            yield


def _scope_of(principal: Principal) -> dict[str, str]:
    return {
        "subject": principal.subject,
        "scope": ",".join(sorted(principal.customers)),
        "role": EVERYONE_ROLE if principal.sees_every_customer else APP_ROLE,
        "milliseconds": str(milliseconds_left()),
        "sees_persons": str(bool(principal.roles & _ROLES_THAT_SEE_PERSONS)).lower(),
    }
