"""Audit records, filters and proofs: wire ⇄ domain."""

from datetime import date, datetime, time

from google.protobuf.message import Message
from tanheng.audit.v1 import audit_service_pb2 as wire

from services.audit.application.ports import RecordFilter, SealedRecord
from services.audit.domain.chain import BrokenLink, Verification
from services.kernel.period import SHANGHAI
from services.wire.dates import from_wire_optional_period, to_wire_time
from services.wire.enums import to_wire_enum


def from_wire_span(request: Message) -> tuple[datetime | None, datetime | None]:
    """Read ``date_range`` as moments, half-open, from midnight to midnight in Shanghai."""
    period = from_wire_optional_period(request, "date_range")
    if period is None:
        return None, None
    return _midnight(period.start), _midnight(period.end)


def from_wire_filter(request: wire.ListAuditRecordsRequest) -> RecordFilter:
    """Read which records are asked for."""
    written_from, written_before = from_wire_span(request)
    return RecordFilter(
        written_from=written_from,
        written_before=written_before,
        principal=request.principal or None,
        resource=request.resource or None,
    )


def to_wire_record(sealed: SealedRecord) -> wire.AuditRecord:
    """Write a record with its place in the chain."""
    record = sealed.stored.record
    return wire.AuditRecord(
        name=_record_name(sealed.stored.number),
        record_time=to_wire_time(record.recorded_at),
        principal=record.principal,
        roles=record.roles,
        method=record.method,
        resource=record.resource,
        outcome=record.outcome,
        request_digest=record.request_digest,
        request_id=record.request_id,
        detail=record.detail,
        position=sealed.seal.position,
        hash=sealed.seal.hash,
    )


def to_wire_verification(verification: Verification) -> wire.VerifyAuditTrailResponse:
    """Write a proof."""
    broken = verification.first_broken
    return wire.VerifyAuditTrailResponse(
        first_broken=None if broken is None else _to_wire_broken(broken),
        verified_count=verification.verified_count,
        head_hash=verification.head.hash,
        head_position=verification.head.position,
    )


def _to_wire_broken(broken: BrokenLink) -> wire.BrokenLink:
    return wire.BrokenLink(
        audit_record=_record_name(broken.number),
        position=broken.position,
        flaw=to_wire_enum(broken.flaw, wire.Flaw),
        message=broken.message,
    )


def _record_name(number: int) -> str:
    return f"auditRecords/{number}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
