"""Signatures ⇄ JSON, in a form that stays to the letter: the database compares it with the last."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from services.kernel.authority import Approval


class ApprovalDocument(TypedDict):
    """A signature."""

    principal: str
    role: str
    digest: str
    time: str


def to_approvals(approvals: Iterable[Approval]) -> list[ApprovalDocument]:
    """Write signatures."""
    return [
        {
            "principal": approval.principal,
            "role": approval.role,
            "digest": approval.digest,
            "time": approval.time.isoformat(),
        }
        for approval in approvals
    ]


def from_approvals(documents: Iterable[ApprovalDocument]) -> tuple[Approval, ...]:
    """Read signatures."""
    return tuple(
        Approval(d["principal"], d["role"], d["digest"], datetime.fromisoformat(d["time"]))
        for d in documents
    )
