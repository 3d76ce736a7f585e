"""VerifyAuditTrail: prove that nobody changed the audit trail, or name where it was changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from services.audit.application.ports import Seals
from services.audit.application.seal_records import SealRecords
from services.audit.domain.chain import Head, Link, Verification, slipped_in, verify_links
from services.kernel.unit_of_work import UnitOfWork

PAGE = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyAuditTrail:
    """Seals what is not sealed yet, then computes the chain again from the stored fields."""

    unit_of_work: UnitOfWork
    seals: Seals
    seal_records: SealRecords

    def __call__(
        self, *, written_from: datetime | None = None, written_before: datetime | None = None
    ) -> Verification:
        """Verify the records written in a half-open span, or all of them from the first.

        A span is linked to the seal before it as that stands; only the whole chain proves that
        nothing was removed from its beginning. An empty span is intact.
        """
        with self.unit_of_work():
            horizon = self.seals.horizon()
        self.seal_records()
        with self.unit_of_work():
            verification = self._verify(written_from, written_before)
            number = self.seals.first_unsealed(below=horizon)
            if verification.first_broken is None and number is not None:
                return replace(verification, first_broken=slipped_in(number))
            return verification

    def _verify(
        self, written_from: datetime | None, written_before: datetime | None
    ) -> Verification:
        found = self.seals.stretch(written_from=written_from, written_before=written_before)
        if found is None:
            return Verification(head=Head(), verified_count=0)
        first, last = found
        whole = written_from is None and written_before is None
        start = Head() if whole else self.seals.head_at(first - 1)
        return verify_links(start, self._links(after=start.position, through=last))

    def _links(self, *, after: int, through: int) -> Iterator[Link]:
        while True:
            page = self.seals.links(after=after, through=through, limit=PAGE)
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].seal.position
