"""AuditService on the wire."""

from dataclasses import dataclass

import grpc
from tanheng.audit.v1 import audit_service_pb2 as wire
from tanheng.audit.v1 import audit_service_pb2_grpc

from services.audit.api.audit_record_translation import (
    from_wire_filter,
    from_wire_span,
    to_wire_record,
    to_wire_verification,
)
from services.audit.application.list_audit_records import ListAuditRecords
from services.audit.application.verify_audit_trail import VerifyAuditTrail
from services.wire.pages import from_wire_page, to_wire_token


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditServicer(audit_service_pb2_grpc.AuditServiceServicer):
    """Translates in, calls one verb, translates out."""

    list_audit_records: ListAuditRecords
    verify_audit_trail: VerifyAuditTrail

    def ListAuditRecords(  # noqa: N802 - the contract's name
        self,
        request: wire.ListAuditRecordsRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.ListAuditRecordsResponse:
        """Read a page of records."""
        page = self.list_audit_records(
            which=from_wire_filter(request), page=from_wire_page(request)
        )
        return wire.ListAuditRecordsResponse(
            audit_records=[to_wire_record(record) for record in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def VerifyAuditTrail(  # noqa: N802 - the contract's name
        self,
        request: wire.VerifyAuditTrailRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.VerifyAuditTrailResponse:
        """Compute the chain again."""
        written_from, written_before = from_wire_span(request)
        verification = self.verify_audit_trail(
            written_from=written_from, written_before=written_before
        )
        return to_wire_verification(verification)
