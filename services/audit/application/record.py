"""RecordAction: write down what somebody did, or was refused."""

from dataclasses import dataclass

from services.audit.application.ports import AuditRecords
from services.audit.domain.record import record_of
from services.kernel.authority import Principal
from services.kernel.clock import Clock
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAction:
    """Writes one record, not linked yet, in the transaction of the action it tells of."""

    unit_of_work: UnitOfWork
    records: AuditRecords
    clock: Clock

    def __call__(
        self,
        *,
        principal: Principal,
        method: str,
        resource: str,
        outcome: str,
        request_digest: str,
        request_id: str,
        detail: str = "",
    ) -> None:
        """Write it; outside of any transaction, in one of its own."""
        with self.unit_of_work():
            self.records.add(
                record_of(
                    principal=principal,
                    method=method,
                    resource=resource,
                    outcome=outcome,
                    request_digest=request_digest,
                    request_id=request_id,
                    detail=detail,
                    recorded_at=self.clock.now(),
                )
            )
