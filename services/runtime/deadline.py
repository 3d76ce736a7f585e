"""How long the call under way may still take; the database is told at each transaction."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_deadline: Final[ContextVar[float | None]] = ContextVar("deadline", default=None)


@contextmanager
def until(seconds: float) -> Iterator[None]:
    """Allow the work inside so many seconds from now."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def milliseconds_left() -> int:
    """Count what is left for one statement; 0 means without end, as the database reads it."""
    deadline = _deadline.get()
    return 0 if deadline is None else max(1, int((deadline - time.monotonic()) * 1000))
