"""AuditService: from messages to messages, on a real PostgreSQL."""

from pathlib import Path
from typing import cast

import grpc
import pytest
from google.type.date_pb2 import Date
from tanheng.audit.v1 import audit_service_pb2 as wire
from tanheng.common.v1.common_pb2 import DateRange

from services.audit.api.audit_service import AuditServicer
from services.bootstrap import audit as room
from services.bootstrap.platform import build_platform
from services.runtime.settings import Settings
from tests.integration.audit.conftest import Trail

CONTEXT = cast("grpc.ServicerContext", None)


@pytest.fixture
def servicer(trail: Trail, fresh_database: str, tmp_path: Path) -> AuditServicer:
    """The servicer over a trail of three records."""
    for name in "abc":
        trail.record(f"customers/{name}")
    platform = build_platform(
        settings=Settings(data_dir=tmp_path), database_url=fresh_database, threads=2
    )
    ((_, servicer),) = room.assemble(platform).servicers
    return cast("AuditServicer", servicer)


def days(start: int, end: int) -> DateRange:
    return DateRange(
        start_date=Date(year=2025, month=3, day=start), end_date=Date(year=2025, month=3, day=end)
    )


def test_lists_records_with_their_place_in_the_chain(servicer: AuditServicer) -> None:
    request = wire.ListAuditRecordsRequest(principal="wang", resource="customers/-", page_size=2)
    first = servicer.ListAuditRecords(request, CONTEXT)
    request.page_token = first.next_page_token
    rest = servicer.ListAuditRecords(request, CONTEXT)
    records = [*first.audit_records, *rest.audit_records]
    assert [(record.resource, record.position) for record in records] == [
        ("customers/a", 1),
        ("customers/b", 2),
        ("customers/c", 3),
    ]
    assert list(records[0].roles) == ["finance_operator"]


def test_days_are_those_of_shanghai(servicer: AuditServicer) -> None:
    """The records are of midnight UTC, so of eight in the morning of the first of March."""
    for span, count in ((days(1, 2), 3), (days(2, 3), 0)):
        request = wire.ListAuditRecordsRequest(date_range=span)
        assert len(servicer.ListAuditRecords(request, CONTEXT).audit_records) == count
        proof = servicer.VerifyAuditTrail(wire.VerifyAuditTrailRequest(date_range=span), CONTEXT)
        assert proof.verified_count == count


def test_a_proof_names_the_first_broken_record(servicer: AuditServicer, trail: Trail) -> None:
    intact = servicer.VerifyAuditTrail(wire.VerifyAuditTrailRequest(), CONTEXT)
    assert not intact.HasField("first_broken")
    assert (intact.verified_count, intact.head_position) == (3, 3)
    trail.tamper("UPDATE audit.records SET principal = 'li' WHERE number = 2")
    broken = servicer.VerifyAuditTrail(wire.VerifyAuditTrailRequest(), CONTEXT).first_broken
    assert (broken.audit_record, broken.flaw) == ("auditRecords/2", wire.FLAW_CHANGED)
    assert "fields are not those that were sealed" in broken.message
