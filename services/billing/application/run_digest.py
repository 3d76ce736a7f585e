"""What a run's fingerprint would be now: stored lines, and inputs as they are at this moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.billing.application.inputs_reader import InputsReader
from services.billing.application.ports import Customers, Documents
from services.billing.domain.billing_run import (
    BillingRun,
    CustomerResult,
    chunks_of,
    run_digest,
)
from services.billing.domain.invoice import CreditNote, Invoice, documents_digest
from services.kernel.identifiers import CustomerName


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDigest:
    """Computes a run's fingerprint again; inside a unit of work.

    A customer that joined since the run was computed changes it, too.
    """

    inputs: InputsReader
    customers: Customers
    documents: Documents

    def __call__(self, *, run: BillingRun) -> str:
        """Compute it."""
        invoices, credit_notes = self.documents.of_run(run.name)
        drafts = _by_customer([*invoices, *credit_notes])
        return run_digest(run.month, self._results(run, drafts))

    def _results(
        self, run: BillingRun, drafts: dict[CustomerName, list[Invoice | CreditNote]]
    ) -> Iterator[CustomerResult]:
        for names in chunks_of(self.customers.to_bill(before=run.month.end)):
            for inputs in self.inputs(names=names, month=run.month):
                name = inputs.customer.name
                lines = documents_digest(drafts.get(name, []))
                yield CustomerResult(name, inputs.digest, lines)


def _by_customer(
    documents: Sequence[Invoice | CreditNote],
) -> dict[CustomerName, list[Invoice | CreditNote]]:
    grouped: dict[CustomerName, list[Invoice | CreditNote]] = {}
    for document in documents:
        grouped.setdefault(document.customer, []).append(document)
    return grouped
