"""One thing that somebody did, or was refused."""

from dataclasses import dataclass
from datetime import UTC, datetime

from services.kernel.authority import Principal
from services.kernel.digest import digest_of

LONGEST_TEXT = 500
_NOT_TEXT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """Who did what to which resource, with what outcome: "OK", or the reason of a refusal."""

    recorded_at: datetime
    principal: str
    roles: tuple[str, ...]
    method: str
    resource: str
    outcome: str
    request_digest: str
    request_id: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """A record with the number it was stored under."""

    number: int
    record: AuditRecord

    @property
    def digest(self) -> str:
        """Hex SHA-256 over every stored field: no field can change without it."""
        record = self.record
        return digest_of(
            (
                self.number,
                record.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
                record.principal,
                list(record.roles),
                record.method,
                record.resource,
                record.outcome,
                record.request_digest,
                record.request_id,
                record.detail,
            )
        )


def record_of(  # noqa: PLR0913 - a record has this many facts
    *,
    principal: Principal,
    method: str,
    resource: str,
    outcome: str,
    request_digest: str,
    request_id: str,
    detail: str,
    recorded_at: datetime,
) -> AuditRecord:
    """Make a record that can be stored, also of a request that was refused for what it contains."""
    return AuditRecord(
        recorded_at=recorded_at,
        principal=storable(principal.subject),
        roles=tuple(sorted(storable(role) for role in principal.roles)),
        method=storable(method),
        resource=storable(resource),
        outcome=storable(outcome),
        request_digest=storable(request_digest),
        request_id=storable(request_id),
        detail=storable(detail),
    )


def storable(text: str) -> str:
    """Keep the beginning of a text, with a mark for each character that the database cannot hold.

    PostgreSQL's text holds no NUL, and no half of a surrogate pair.
    """
    clean = (_NOT_TEXT if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)
    return "".join(clean)[:LONGEST_TEXT]
