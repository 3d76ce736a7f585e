"""One fingerprint of many facts: what an approver signs, and what a repeat is held against."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any


def digest_of(facts: Iterable[Any]) -> str:
    """Compute the hex SHA-256 of facts (text, whole numbers, lists, maps) in canonical JSON."""
    canonical = json.dumps(list(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
