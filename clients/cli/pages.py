"""Lists page by page, to the end."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from clients.cli.connection import Answer, Connection, Request
from clients.cli.messages import fill

if TYPE_CHECKING:
    from grpc import UnaryUnaryMultiCallable

PAGE_SIZE = 1000
_NEXT = "next_page_token"


def every_page(
    connection: Connection,
    method: "UnaryUnaryMultiCallable[Request, Answer]",
    request: Request,
) -> Iterator[Answer]:
    """Call a listing method until there are no more pages; ``request`` carries the filters."""
    fill(request, {"page_size": str(PAGE_SIZE)})
    while True:
        answer = connection.call(method, request)
        yield answer
        token = str(getattr(answer, _NEXT))
        if not token:
            return
        fill(request, {"page_token": token})
