"""Records and seals from rows and to rows."""

from collections.abc import Mapping

from sqlalchemy import RowMapping

from services.audit.domain.chain import Seal
from services.audit.domain.record import AuditRecord, StoredRecord


def to_record_row(record: AuditRecord) -> Mapping[str, object]:
    """Write a record; the database gives the number."""
    return {
        "recorded_at": record.recorded_at,
        "principal": record.principal,
        "roles": list(record.roles),
        "method": record.method,
        "resource": record.resource,
        "outcome": record.outcome,
        "request_digest": record.request_digest,
        "request_id": record.request_id,
        "detail": record.detail,
    }


def from_record_row(row: RowMapping) -> StoredRecord:
    """Read a record."""
    record = AuditRecord(
        recorded_at=row["recorded_at"],
        principal=row["principal"],
        roles=tuple(row["roles"]),
        method=row["method"],
        resource=row["resource"],
        outcome=row["outcome"],
        request_digest=row["request_digest"],
        request_id=row["request_id"],
        detail=row["detail"],
    )
    return StoredRecord(number=row["number"], record=record)


def to_seal_row(seal: Seal, horizon: int) -> Mapping[str, object]:
    """Write a seal."""
    return {
        "position": seal.position,
        "number": seal.number,
        "recorded_at": seal.recorded_at,
        "record_digest": seal.record_digest,
        "hash": seal.hash,
        "horizon": horizon,
    }


def from_seal_row(row: RowMapping) -> Seal:
    """Read a seal whose columns are labelled ``seal_…``, since a record stands in the same row."""
    return Seal(
        position=row["seal_position"],
        number=row["seal_number"],
        recorded_at=row["seal_recorded_at"],
        record_digest=row["seal_record_digest"],
        hash=row["seal_hash"],
    )
