"""Making the next things while the present ones are being used."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")
_END: Final = object()


def ahead(items: Iterable[T], *, most: int = 2) -> Iterator[T]:
    """Take items in a thread of their own, at most so many before they are wanted.

    Worth it where making them is work of ours and using them is waiting for another process. The
    making must not touch what belongs to the user's thread, such as its transaction.
    """
    source = iter(items)
    with ThreadPoolExecutor(1) as thread:
        coming = deque(thread.submit(next, source, _END) for _ in range(most))
        while (item := coming.popleft().result()) is not _END:
            coming.append(thread.submit(next, source, _END))
            yield item  # type: ignore[misc]  # it is not the end
