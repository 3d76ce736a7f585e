"""ListAuditRecords: read the audit trail."""

from dataclasses import dataclass

from services.audit.application.ports import AuditRecords, RecordFilter, SealedRecord
from services.audit.application.seal_records import SealRecords
from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAuditRecords:
    """Seals what is not sealed yet, then reads a page in the order of the chain."""

    unit_of_work: UnitOfWork
    records: AuditRecords
    seal_records: SealRecords

    def __call__(self, *, which: RecordFilter, page: PageRequest) -> Page[SealedRecord]:
        """Read it."""
        self.seal_records()
        with self.unit_of_work():
            return self.records.list_sealed(which, page)
