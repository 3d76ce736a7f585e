"""One transaction for everything that belongs together, whichever rooms take part."""

from contextlib import AbstractContextManager
from typing import Protocol


class UnitOfWork(Protocol):
    """Opens a transaction, or joins the one under way. The outermost block commits."""

    def __call__(self) -> AbstractContextManager[None]:
        """Open or join; leave by an exception to roll everything back."""
        ...
