"""Who did what, over gRPC: what is done, what is refused, and the proof of both."""

import grpc
import pytest
from tanheng.audit.v1 import audit_service_pb2, audit_service_pb2_grpc
from tanheng.settlement.v1 import settlement_service_pb2, settlement_service_pb2_grpc

from tests.support.service import Service, request_id

OPEN_BOOKS = "/tanheng.settlement.v1.SettlementService/OpenBooks"


def open_books(service: Service, role: str) -> None:
    stub = settlement_service_pb2_grpc.SettlementServiceStub(service.channel)
    request = settlement_service_pb2.OpenBooksRequest(
        first_month="2025-01", request_id=request_id()
    )
    stub.OpenBooks(request, metadata=service.as_role(role))


def test_a_change_its_repeat_and_a_denial_are_on_the_trail(service: Service) -> None:
    open_books(service, "finance_controller")
    for role in ("finance_controller", "trader"):
        with pytest.raises(grpc.RpcError):
            open_books(service, role)
    stub = audit_service_pb2_grpc.AuditServiceStub(service.channel)
    auditor = service.as_role("auditor")
    trail = stub.ListAuditRecords(audit_service_pb2.ListAuditRecordsRequest(), metadata=auditor)
    assert [(r.principal, r.method, r.outcome) for r in trail.audit_records] == [
        ("finance_controller", OPEN_BOOKS, "OK"),
        ("finance_controller", OPEN_BOOKS, "WRONG_STATE"),
        ("trader", OPEN_BOOKS, "PERMISSION_MISSING"),
    ]
    proof = stub.VerifyAuditTrail(audit_service_pb2.VerifyAuditTrailRequest(), metadata=auditor)
    assert not proof.HasField("first_broken")
    assert proof.head_hash == trail.audit_records[-1].hash


@pytest.mark.parametrize("role", ["customer", "staff", "trader", "hr", "finance_operator"])
def test_the_trail_is_shown_to_those_who_may_see_it(module_service: Service, role: str) -> None:
    stub = audit_service_pb2_grpc.AuditServiceStub(module_service.channel)
    with pytest.raises(grpc.RpcError) as refused:
        stub.ListAuditRecords(
            audit_service_pb2.ListAuditRecordsRequest(), metadata=module_service.as_role(role)
        )
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
