"""Making the next things while the present ones are being used."""

import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from typing import Final, TypeVar

Part = TypeVar("Part")
Made = TypeVar("Made")

_SOONER: Final = timedelta(microseconds=500)
"""How long the user, who has an answer to go on with, waits for the thread that makes.

With the usual 5 ms another process idled a seventh of the time; but whoever computes has to stop
more often, so it holds only meanwhile.
"""


def ahead(
    make: Callable[[Part], Made], parts: Iterable[Part], *, most: int = 2
) -> Generator[Made, None, None]:
    """Make something of each part, in order, in a thread of its own: at most so many ahead.

    Worth it where making is work of ours, and using is waiting for another process. Parts are taken
    in the user's thread, so taking them may read in its transaction; making must not touch that.
    Close it when it is not used up.
    """
    with _SWITCHING.sooner(), ThreadPoolExecutor(1) as thread:
        coming = deque[Future[Made]]()
        for part in parts:
            coming.append(thread.submit(make, part))
            if len(coming) > most:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()


class _Switching:
    """How soon threads switch in this process: sooner as long as anybody makes things ahead."""

    def __init__(self) -> None:
        self._lock, self._users, self._usual = Lock(), 0, sys.getswitchinterval()

    @contextmanager
    def sooner(self) -> Iterator[None]:
        with self._lock:
            if not self._users:
                self._usual = sys.getswitchinterval()
                sys.setswitchinterval(_SOONER.total_seconds())
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    sys.setswitchinterval(self._usual)


_SWITCHING: Final = _Switching()
