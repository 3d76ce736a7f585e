"""StartBillingRun: begin to compute the invoices of a month."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.billing.application.ports import (
    BillingRuns,
    Books,
    ChunkQueue,
    Customers,
    Documents,
    ParameterTable,
)
from services.billing.application.run_digest import RunDigest
from services.billing.domain.billing_run import (
    BillingRun,
    chunks_of,
    new_run,
    refuse_out_of_order,
    run_digest,
)
from services.kernel.authority import CurrentPrincipal, RunState
from services.kernel.clock import Clock
from services.kernel.errors import WrongState
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork

_UNSIGNED = frozenset({RunState.CALCULATING, RunState.CALCULATED, RunState.REVIEWED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StartBillingRun:
    """Writes a run with one chunk per some customers, and has each chunk computed.

    A run that is not yet approved gives way; so does an approved one whose inputs changed, since
    it can no longer be issued.
    """

    unit_of_work: UnitOfWork
    runs: BillingRuns
    customers: Customers
    documents: Documents
    books: Books
    parameters: ParameterTable
    digest: RunDigest
    queue: ChunkQueue
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, month: Month) -> BillingRun:
        """Start it.

        Raises:
            MonthClosed, BooksNotOpen: the month takes no invoices.
            WrongState: another month is due, or an approved run awaits its issue.
        """
        with self.unit_of_work():
            self.books.keep_open(month)
            self.runs.lock_all()
            refuse_out_of_order(
                month, first_open=self.books.first_open_month(), billed=self.runs.billed_months()
            )
            earlier = self.runs.of_month(month)
            self._supersede(earlier)
            chunks = chunks_of(self.customers.to_bill(before=month.end))
            run = new_run(
                month=month,
                earlier=earlier,
                maker=self.principal().subject,
                chunk_count=len(chunks),
                approval_limit=self.parameters.in_force(month.last_day).approval_limit,
                time=self.clock.now(),
            )
            if not chunks:
                run = run.calculated(digest=run_digest(month, ()))
            self.runs.add(run, chunks=chunks)
            for index in range(len(chunks)):
                self.queue.bill_chunk(run=run.name, chunk=index)
            return run

    def _supersede(self, earlier: Sequence[BillingRun]) -> None:
        for seen in earlier:
            run = self.runs.lock(seen.name) or seen
            if run.state is RunState.APPROVED and self.digest(run=run) == run.sign_off.digest:
                raise WrongState(
                    f"{run.name} is approved and nothing changed since; issue its invoices",
                    subject=run.name,
                    metadata={"state": run.state.value},
                )
            if run.state in _UNSIGNED or run.state is RunState.APPROVED:
                self.runs.save(run.superseded())
                self.documents.drop_drafts(run.name)
