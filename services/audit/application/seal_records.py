"""SealRecords: link what was recorded to the chain."""

from dataclasses import dataclass

from services.audit.application.ports import Seals
from services.audit.domain.chain import seal_records
from services.kernel.unit_of_work import UnitOfWork

BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class SealRecords:
    """Links every record that is committed to the end of the chain, each once.

    Records are written without a link, since linking inside each transaction would let only one
    of them run at a time. One sealer at a time, held apart by a lock in the database, links what
    it sees once it has the lock: so the chain has the order of commits, as far as one look a
    second can tell, and within one look the order of writing.

    A record may commit after one that was written later. It is not skipped: a record counts as
    unsealed until a seal names it, whatever its number. To look for such records in a large table,
    each seal notes the horizon of its look, below which every transaction had ended; the next look
    leaves out only what is below it, where nothing can appear any more.
    """

    unit_of_work: UnitOfWork
    seals: Seals

    def __call__(self) -> int:
        """Seal what there is, a batch in a transaction; returns how many records were linked."""
        sealed = 0
        while True:
            batch = self._seal_batch()
            sealed += batch
            if batch < BATCH:
                return sealed

    def _seal_batch(self) -> int:
        with self.unit_of_work():
            self.seals.lock()
            unsealed = self.seals.unsealed(limit=BATCH)
            fresh = seal_records(self.seals.head(), unsealed.records)
            self.seals.add_all(fresh, horizon=unsealed.horizon)
            return len(fresh)
