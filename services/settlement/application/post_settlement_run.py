"""PostSettlementRun: write an approved run into the books."""

from dataclasses import dataclass

from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.post_entries import PostEntries
from services.ledger.domain.journal import JournalEntry
from services.settlement.application.recompute_run import RecomputedRun, RecomputeRun
from services.settlement.application.settlement_ports import SettlementRuns
from services.settlement.domain.bookings import entries_of, pool_entry
from services.settlement.domain.run import SettlementRun


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSettlementRun:
    """Computes the run once more, and posts it if it is still what was approved."""

    unit_of_work: UnitOfWork
    runs: SettlementRuns
    recompute: RecomputeRun
    post_entries: PostEntries
    clock: Clock

    def __call__(self, *, name: RunName) -> SettlementRun:
        """Post it.

        Raises:
            NotFound, WrongState.
            DigestChanged: allocations, terms or posted rows changed since it was calculated; the
                way out is to start again.
            MonthClosed: the month was closed meanwhile.
        """
        with self.unit_of_work():
            run = self.runs.find(name, lock=True)
            if run is None:
                raise NotFound(name)
            now = self.recompute(run)
            posted = run.post(digest=now.digest, time=self.clock.now())
            self.post_entries(entries=_entries(run, now))
            self.runs.save(posted)
            return posted


def _entries(run: SettlementRun, recomputed: RecomputedRun) -> list[JournalEntry]:
    entries = [
        entry
        for settled in recomputed.ranges
        for settlement in settled.settlements
        for entry in entries_of(settlement)
    ]
    pooled = pool_entry(run.name, run.month, recomputed.pool)
    return entries if pooled is None else [*entries, pooled]
