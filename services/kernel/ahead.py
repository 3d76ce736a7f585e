"""Making the next things while the present ones are being used."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Made = TypeVar("Made")


def ahead(make: Callable[[Part], Made], parts: Iterable[Part], *, most: int = 2) -> Iterator[Made]:
    """Make something of each part, in order, in a thread of its own: at most so many ahead.

    Worth it where making is work of ours, and using is waiting for another process. Parts are taken
    in the user's thread, so taking them may read in its transaction; making must not touch that.
    """
    with ThreadPoolExecutor(1) as thread:
        coming = deque[Future[Made]]()
        for part in parts:
            coming.append(thread.submit(make, part))
            if len(coming) > most:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
