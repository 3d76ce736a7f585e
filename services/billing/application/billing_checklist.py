"""BillingChecklist: what closing a month needs to know; asked by settlement."""

from dataclasses import dataclass

from services.billing.application.ports import BillingRuns, Customers, Documents, PostedEntries
from services.billing.domain.amounts import sum_amounts
from services.billing.domain.billing_run import BillingRun
from services.billing.domain.checklist import BillingChecklist as Checklist
from services.billing.domain.postings import invoice_entry
from services.kernel.authority import RunState
from services.kernel.finding import Finding, Severity
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.domain.journal import JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingChecklist:
    """Reads how far a month's billing is, and holds what was issued against what was posted."""

    unit_of_work: UnitOfWork
    customers: Customers
    runs: BillingRuns
    documents: Documents
    posted: PostedEntries

    def __call__(self, *, month: Month) -> Checklist:
        """Read it."""
        with self.unit_of_work():
            is_due = self.customers.anybody_served(month.period)
            runs = self.runs.of_month(month)
            issued_runs = [run for run in runs if run.state is RunState.ISSUED]
            read = [self.documents.of_run(run.name) for run in issued_runs]
            invoices = [invoice for each, _ in read for invoice in each]
            notes = [note for _, each in read for note in each]
            entries = [*map(invoice_entry, invoices), *map(invoice_entry, notes)]
            unposted = self._unposted([entry for entry in entries if entry is not None])
        return Checklist(
            month=month,
            is_due=is_due,
            run=runs[-1].name if runs else None,
            state=runs[-1].state if runs else None,
            is_issued=bool(issued_runs),
            findings=_held(issued_runs),
            invoice_count=len(invoices),
            credit_note_count=len(notes),
            issued=sum_amounts(
                [*(each.totals for each in invoices), *(each.totals for each in notes)]
            ),
            unposted=unposted,
        )

    def _unposted(self, entries: list[JournalEntry]) -> tuple[str, ...]:
        found = self.posted.digests([entry.name for entry in entries])
        return tuple(
            entry.source for entry in entries if found.get(entry.name) != entry.content_digest
        )


def _held(issued: list[BillingRun]) -> tuple[Finding, ...]:
    """Find what holds a customer after the latest issue."""
    if not issued:
        return ()
    return tuple(f for f in issued[-1].findings if f.severity is not Severity.WARNING)
