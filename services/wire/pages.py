"""Pages of a list. A token is bound to the query that it came from."""

import base64
import hashlib
import json
from typing import Protocol, cast

from google.protobuf.message import Message

from services.kernel.page import PageRequest, PageTokenInvalid
from services.wire.refusal import refused

DEFAULT_SIZE = 100
LARGEST_SIZE = 1000


class _Paged(Protocol):
    page_size: int
    page_token: str


def from_wire_page(request: Message) -> PageRequest:
    """Read ``page_size`` and ``page_token`` of a list request. Size 0 means 100.

    Raises:
        InvalidInput: the size is below zero.
        PageTokenInvalid: the token is not one of ours, or was given out for another query.
    """
    paged = cast("_Paged", request)
    if paged.page_size < 0:
        raise refused(
            "page_size", f"{paged.page_size} is below zero; leave it out for {DEFAULT_SIZE}"
        )
    size = min(paged.page_size or DEFAULT_SIZE, LARGEST_SIZE)
    if not paged.page_token:
        return PageRequest(size)
    try:
        query, after = json.loads(base64.urlsafe_b64decode(paged.page_token.encode()))
        known = query == _query_digest(request) and _is_key(after)
    except (ValueError, TypeError):
        known = False
    if not known:
        raise PageTokenInvalid
    return PageRequest(size, tuple(after))


def to_wire_token(request: Message, next_after: tuple[str, ...] | None) -> str:
    """Write the token to go on with; empty when there are no more."""
    if next_after is None:
        return ""
    text = json.dumps([_query_digest(request), list(next_after)], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode()


def _is_key(after: object) -> bool:
    return isinstance(after, list) and bool(after) and all(map(_is_text, after))


def _is_text(key: object) -> bool:
    """Tell whether it is text that can be asked for: half a character or a NUL cannot."""
    if not isinstance(key, str) or "\x00" in key:
        return False
    try:
        key.encode()
    except UnicodeEncodeError:
        return False
    return True


def _query_digest(request: Message) -> str:
    query = type(request)()
    query.CopyFrom(request)
    query.ClearField("page_token")
    query.ClearField("page_size")
    encoded = query.SerializeToString(deterministic=True)
    name = request.DESCRIPTOR.full_name.encode()
    return hashlib.sha256(name + encoded).hexdigest()[:16]
