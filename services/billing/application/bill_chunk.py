"""BillChunk: compute the invoices of some customers of a run; asked by the queue."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.billing.application.inputs_reader import InputsReader
from services.billing.application.ports import BillingRuns, Documents
from services.billing.domain.billing_run import BillingRun, CustomerResult, RunTotals, run_digest
from services.billing.domain.customer_bill import CustomerBill, bill_customer
from services.kernel.authority import RunState
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork


class RunSuperseded(Exception):
    """The run gave way to another one meanwhile: nothing of the chunk is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillChunk:
    """Computes a chunk, exactly once: its claim, its drafts and its count commit together.

    The last chunk of a run makes the digest that is signed.
    """

    unit_of_work: UnitOfWork
    runs: BillingRuns
    documents: Documents
    inputs: InputsReader

    def __call__(self, *, run: RunName, chunk: int) -> bool:
        """Compute it; False when it is done already, or the run gave way to another one."""
        try:
            with self.unit_of_work():
                return self._bill(run, chunk)
        except RunSuperseded:
            return False

    def _bill(self, name: RunName, chunk: int) -> bool:
        run = self.runs.find(name)
        if run is None or run.state is not RunState.CALCULATING:
            return False
        names = self.runs.claim_chunk(name, chunk=chunk)
        if names is None:
            return False
        inputs = self.inputs(names=names, month=run.month)
        self._keep(run, [bill_customer(each, run=run) for each in inputs])
        return True

    def _keep(self, run: BillingRun, bills: Sequence[CustomerBill]) -> None:
        self.documents.add_drafts(
            invoices=[bill.documents.invoice for bill in bills if bill.documents.invoice],
            credit_notes=[note for bill in bills for note in bill.documents.credit_notes],
        )
        results: list[CustomerResult] = [bill.result for bill in bills]
        findings = [finding for bill in bills for finding in bill.findings]
        self.runs.add_results(run.name, results=results, findings=findings)
        totals = sum((bill.totals for bill in bills), RunTotals())
        counted = self.runs.count_chunk(run.name, totals=totals)
        if counted is None:
            raise RunSuperseded(run.name)
        if counted.done_count == counted.chunk_count:
            digest = run_digest(run.month, self.runs.results(run.name))
            self.runs.save(counted.calculated(digest=digest))
