"""IssueInvoices: number and post the invoices and credit notes of an approved run."""

from dataclasses import dataclass

from services.billing.application.ports import (
    BillingRuns,
    Books,
    Documents,
    Journal,
    ParameterTable,
)
from services.billing.application.run_digest import RunDigest
from services.billing.domain.billing_run import BillingRun
from services.billing.domain.postings import invoice_entry
from services.kernel.authority import RunState
from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueInvoices:
    """Turns every draft of a run into a document that is owed, all or none."""

    unit_of_work: UnitOfWork
    runs: BillingRuns
    documents: Documents
    books: Books
    parameters: ParameterTable
    digest: RunDigest
    journal: Journal
    clock: Clock

    def __call__(self, *, run: RunName) -> BillingRun:
        """Issue them.

        Raises:
            NotFound, WrongState.
            MonthClosed: the month closed meanwhile.
            DigestChanged: an input changed since the run was computed; start it again.
        """
        with self.unit_of_work():
            seen = self.runs.find(run)
            if seen is None:
                raise NotFound(run)
            self.books.keep_open(seen.month)
            self.runs.lock_all()
            found = self.runs.lock(run) or seen
            issued = found.issued(digest=self._digest_now(found))
            parameters = self.parameters.in_force(issued.month.last_day)
            self.documents.issue(
                run,
                month=issued.month,
                due_date=parameters.due_date(issued.month),
                time=self.clock.now(),
            )
            self._post(issued)
            self.runs.save(issued)
            return issued

    def _digest_now(self, run: BillingRun) -> str:
        approved = run.state is RunState.APPROVED
        return self.digest(run=run) if approved else run.sign_off.digest

    def _post(self, run: BillingRun) -> None:
        invoices, credit_notes = self.documents.of_run(run.name)
        entries = [*map(invoice_entry, invoices), *map(invoice_entry, credit_notes)]
        self.journal(entries=[entry for entry in entries if entry is not None])
