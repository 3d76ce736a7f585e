"""One page of a list: how many, after what, and where to go on."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from services.kernel.errors import InvalidInput

Item = TypeVar("Item")


class PageTokenInvalid(InvalidInput):
    """The place to go on from was not given out for this query."""

    reason = "PAGE_TOKEN_INVALID"

    def __init__(self) -> None:
        """Say the way out."""
        super().__init__("page_token was not given out for this query; start again without a token")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """At most ``size`` items whose sort key comes after ``after`` (None: from the beginning).

    ``after`` holds the sort key of the last item seen, each part as text.
    """

    size: int
    after: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """The items, and the sort key to go on after (None: there are no more)."""

    items: tuple[Item, ...]
    next_after: tuple[str, ...] | None = None
