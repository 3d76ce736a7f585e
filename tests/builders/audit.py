"""Valid records of the audit trail."""

from datetime import UTC, datetime, timedelta

from services.audit.domain.record import AuditRecord, StoredRecord

NOON = datetime(2025, 3, 3, 4, tzinfo=UTC)


def a_stored_record(number: int = 1, *, resource: str = "customers/hanchuan") -> StoredRecord:
    """A record under a number, a second after the one before."""
    record = AuditRecord(
        recorded_at=NOON + timedelta(seconds=number),
        principal="wang",
        roles=("finance_operator",),
        method="/tanheng.billing.v1.CustomerService/CreateCustomer",
        resource=resource,
        outcome="OK",
        request_digest="00ff",
        request_id="5d6d5c2e-8d6c-4a9a-9c0a-000000000001",
    )
    return StoredRecord(number=number, record=record)
