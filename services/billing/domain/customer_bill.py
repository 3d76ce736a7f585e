"""One customer's part of a run: inputs in, drafts, findings and fingerprints out."""

from dataclasses import dataclass

from services.billing.domain.amounts import sum_amounts, text_of_fen
from services.billing.domain.billing_run import BillingRun, CustomerResult, RunTotals
from services.billing.domain.charges import charge_customer
from services.billing.domain.inputs import CustomerInputs
from services.billing.domain.invoice import Documents, documents_digest, draft_documents
from services.kernel.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class CustomerBill:
    """What a run says of one customer."""

    documents: Documents
    findings: tuple[Finding, ...]
    result: CustomerResult

    @property
    def totals(self) -> RunTotals:
        """What the drafts come to."""
        lines = [
            abs(line.amounts.gross_fen)
            for document in self.documents.all
            for line in document.lines
        ]
        return RunTotals(
            invoice_count=int(self.documents.invoice is not None),
            credit_note_count=len(self.documents.credit_notes),
            amounts=sum_amounts(document.totals for document in self.documents.all),
            largest_line_fen=max(lines, default=0),
            sum_of_lines_fen=sum(lines),
        )


def bill_customer(inputs: CustomerInputs, *, run: BillingRun) -> CustomerBill:
    """Charge a customer for the run's month and draft its documents."""
    charges = charge_customer(inputs)
    customer = inputs.customer.name
    documents = draft_documents(
        charges.lines,
        customer=customer,
        month=run.month,
        run=run.name,
        series=run.series,
        open_invoices=inputs.open_invoices,
    )
    result = CustomerResult(customer, inputs.digest, documents_digest(documents.all))
    findings = (*charges.findings, *_carried(inputs, documents))
    return CustomerBill(documents, findings, result)


def _carried(inputs: CustomerInputs, documents: Documents) -> tuple[Finding, ...]:
    if documents.carried_net_fen == 0:
        return ()
    amount = text_of_fen(-documents.carried_net_fen)
    return (
        Finding(
            Severity.WARNING,
            "CREDIT_CARRIED",
            inputs.customer.name,
            f"CNY {amount} net is to be given back and finds no invoice to reduce",
            "nothing: it is taken off the next invoice",
        ),
    )
