"""PostSettlementRun: write an approved run into the books."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from services.kernel.authority import DigestChanged
from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.post_entries import Part, PostEntries
from services.ledger.domain.journal import JournalEntry
from services.settlement.application.recompute_run import RecomputeRun
from services.settlement.application.settle_contracts import range_digest, run_digest
from services.settlement.application.settlement_ports import (
    NameRange,
    SettlementRuns,
    Settlements,
    SettlementSource,
    TradeChecks,
)
from services.settlement.domain.bookings import PoolMovement, entries_of, pool_entry
from services.settlement.domain.run import RunTotals, SettlementRun
from services.settlement.domain.settlement import Settlement


class WrittenRowsChanged(DigestChanged):
    """What a run wrote is not what it wrote when it was calculated, and signed."""

    def __init__(self, run: RunName, names: NameRange) -> None:
        """Name the run and the range of contracts."""
        super().__init__(
            f"rows that {run} wrote of {_spelled(names)} are not those that were signed;"
            " start it again",
            metadata={"resource": run, "contracts": _spelled(names)},
        )


class TradesChanged(DigestChanged):
    """Trades or contracts changed since the allocation that a run was calculated from."""

    def __init__(self, run: SettlementRun) -> None:
        """Name the run and its month."""
        super().__init__(
            f"trades or contracts changed since {run.month} was allocated, which {run.name} does"
            " not know; allocate the month again, then post it, or start anew if it changed",
            metadata={"resource": run.name, "month": str(run.month)},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSettlementRun:
    """Posts what a run wrote, if that is what was approved and would still come out now."""

    unit_of_work: UnitOfWork
    runs: SettlementRuns
    settlements: Settlements
    source: SettlementSource
    trades: TradeChecks
    recompute: RecomputeRun
    post_entries: PostEntries
    clock: Clock

    def __call__(self, *, name: RunName) -> SettlementRun:
        """Post it.

        Raises:
            NotFound, WrongState.
            DigestChanged: trades, allocations, terms or posted rows changed since it was
                calculated; the way out is to start again.
            MonthClosed: the month was closed meanwhile.
        """
        with self.unit_of_work():
            run = self.runs.find(name, lock=True)
            if run is None:
                raise NotFound(name)
            self.source.hold(month=run.month)
            run.post(digest=self.recompute(run), time=self.clock.now())
            if self.trades.is_stale(month=run.month):
                raise TradesChanged(run)
            pool = self.settlements.pool_of(name)
            chunks = self.runs.chunk_results(name) or ()
            digest = run_digest(run, chunk_digests=[digest for digest, _ in chunks], pool=pool)
            posted = run.post(digest=digest, time=self.clock.now())
            self.post_entries.in_parts(parts=self._parts(run, chunks, pool))
            self.runs.save(posted)
            return posted

    def _parts(
        self,
        run: SettlementRun,
        chunks: Sequence[tuple[str, RunTotals]],
        pool: Sequence[PoolMovement],
    ) -> Iterator[Part]:
        """Read chunk after chunk; what was read is looked at while another is being written."""
        ranges = self.runs.chunk_ranges(run.name)
        for names, (digest, _) in zip(ranges, chunks, strict=True):
            yield partial(
                _entries, run.name, names, digest, self.settlements.of_run(run.name, names)
            )
        pooled = pool_entry(run.name, run.month, pool)
        yield lambda: () if pooled is None else (pooled,)


def _entries(
    run: RunName, names: NameRange, digest: str, written: Callable[[], tuple[Settlement, ...]]
) -> list[JournalEntry]:
    """Make the entries of a chunk, if it is still what was signed."""
    settlements = written()
    if range_digest(settlements) != digest:
        raise WrittenRowsChanged(run, names)
    return [entry for settlement in settlements for entry in entries_of(settlement)]


def _spelled(names: NameRange) -> str:
    end = f"to before {names.end}" if names.end else "to the last"
    return f"the contracts from {names.first or 'the first'} {end}"
