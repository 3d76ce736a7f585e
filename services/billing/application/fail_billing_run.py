"""FailBillingRun: give up a run that cannot be computed; asked by the queue."""

from dataclasses import dataclass

from services.billing.application.ports import BillingRuns, Documents
from services.kernel.authority import RunState
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class FailBillingRun:
    """Turns a run FAILED and drops its drafts, so that it can be started again."""

    unit_of_work: UnitOfWork
    runs: BillingRuns
    documents: Documents

    def __call__(self, *, run: RunName, failure: str) -> bool:
        """Give it up; False when it calculates no more, and so has ended otherwise."""
        with self.unit_of_work():
            found = self.runs.lock(run)
            if found is None or found.state is not RunState.CALCULATING:
                return False
            self.runs.save(found.failed(failure))
            self.documents.drop_drafts(run)
            return True
