"""StartSettlementRun: begin to calculate a month for all contracts."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.kernel.authority import CurrentPrincipal, RunState, SignOff
from services.kernel.clock import Clock
from services.kernel.identifiers import RunName
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.list_month_books import ListMonthBooks
from services.ledger.domain.months import BooksNotOpen, MonthClosed, MonthOutOfOrder
from services.settlement.application.recompute_run import RecomputeRun
from services.settlement.application.settlement_ports import (
    ChunkQueue,
    SettlementRuns,
    SettlementSource,
)
from services.settlement.domain.run import (
    RunKind,
    SettlementRun,
    run_name,
    runs_to_supersede,
)

CONTRACTS_PER_CHUNK = 2_500
"""Less than a second of work: little is lost with a worker, and little is spent on beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSettlementRun:
    """Writes a run with its chunks, and defers one job per chunk, in one transaction."""

    unit_of_work: UnitOfWork
    runs: SettlementRuns
    source: SettlementSource
    recompute: RecomputeRun
    month_books: ListMonthBooks
    queue: ChunkQueue
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, month: Month, kind: RunKind) -> SettlementRun:
        """Start it, superseding a run of the same kind that is not approved yet.

        An approved one gives way too if its inputs changed, so that it cannot be posted any more.

        Raises:
            BooksNotOpen, MonthClosed.
            MonthOutOfOrder: FINAL or REVISION while an earlier month is open.
            WrongState: FINAL stands already, or is not posted before a REVISION.
        """
        with self.unit_of_work():
            self._require_open(month, kind)
            self.runs.lock_month(month)
            existing = self.runs.runs_of(month)
            outdated = self._outdated(existing)
            for run in runs_to_supersede(existing, kind, outdated=outdated):
                self.runs.save(run.superseded())
            run = self._new_run(month, kind, 1 + sum(run.kind is kind for run in existing))
            self.runs.add(run)
            for chunk in range(self.runs.plan_chunks(run, size=CONTRACTS_PER_CHUNK)):
                self.queue.settle_chunk(run=run.name, chunk=chunk)
            return run

    def _outdated(self, runs: Sequence[SettlementRun]) -> frozenset[RunName]:
        approved = [run for run in runs if run.state is RunState.APPROVED]
        return frozenset(run.name for run in approved if self.recompute(run) != run.digest)

    def _new_run(self, month: Month, kind: RunKind, number: int) -> SettlementRun:
        maker = self.principal().subject
        name = run_name(month, kind, number)
        return SettlementRun(
            month=month,
            kind=kind,
            number=number,
            maker=maker,
            created_at=self.clock.now(),
            sign_off=SignOff(run=name, state=RunState.CALCULATING, maker=maker, digest=""),
            inputs_version=self.source.version(month=month),
        )

    def _require_open(self, month: Month, kind: RunKind) -> None:
        books = self.month_books()
        if not books:
            raise BooksNotOpen
        first_open = next((each.month for each in books if each.is_open), books[-1].month.next())
        if month < first_open:
            raise MonthClosed(month)
        if kind is not RunKind.PROVISIONAL and month > first_open:
            raise MonthOutOfOrder(
                month=month, first_open=first_open, step=f"have a {kind.value} settlement run"
            )
