"""The audit room on the platform."""

from tanheng.audit.v1 import audit_service_pb2_grpc

from services.audit.api.audit_service import AuditServicer
from services.audit.application.list_audit_records import ListAuditRecords
from services.audit.application.record import RecordAction
from services.audit.application.seal_records import SealRecords
from services.audit.application.verify_audit_trail import VerifyAuditTrail
from services.audit.persistence.records import PostgresAuditRecords
from services.audit.persistence.seals import PostgresSeals
from services.bootstrap.platform import Platform, RoomParts
from services.runtime.interceptors.call import AuditSink
from services.runtime.scheduler import Heartbeat

SEALING_SECONDS = 1.0


def sink(platform: Platform) -> AuditSink:
    """What the stages around every call write their records with."""
    return RecordAction(
        unit_of_work=platform.unit_of_work, records=PostgresAuditRecords(), clock=platform.clock
    )


def assemble(platform: Platform) -> RoomParts:
    """Join the room's verbs to what they need."""
    work, records, seals = platform.unit_of_work, PostgresAuditRecords(), PostgresSeals()
    seal = SealRecords(unit_of_work=work, seals=seals)
    servicer = AuditServicer(
        list_audit_records=ListAuditRecords(unit_of_work=work, records=records, seal_records=seal),
        verify_audit_trail=VerifyAuditTrail(unit_of_work=work, seals=seals, seal_records=seal),
    )

    def seal_each_second() -> None:
        seal()

    return RoomParts(
        servicers=((audit_service_pb2_grpc.add_AuditServiceServicer_to_server, servicer),),
        heartbeats=(
            Heartbeat(name="audit.seal_records", seconds=SEALING_SECONDS, act=seal_each_second),
        ),
    )
