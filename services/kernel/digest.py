"""One fingerprint of many facts: what an approver signs, and what a repeat is held against."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(facts: Iterable[Any]) -> str:
    """Compute the hex SHA-256 of facts (text, whole numbers, lists, maps) in canonical JSON."""
    return hashlib.sha256(_CANONICAL.encode(list(facts)).encode()).hexdigest()
