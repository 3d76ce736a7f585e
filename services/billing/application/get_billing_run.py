"""GetBillingRun: read one billing run."""

from dataclasses import dataclass

from services.billing.application.ports import BillingRuns
from services.billing.domain.billing_run import BillingRun
from services.kernel.errors import NotFound
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GetBillingRun:
    """Reads it, if it exists and the caller may see it."""

    unit_of_work: UnitOfWork
    runs: BillingRuns

    def __call__(self, *, name: RunName) -> BillingRun:
        """Read it.

        Raises:
            NotFound.
        """
        with self.unit_of_work():
            found = self.runs.find(name)
        if found is None:
            raise NotFound(name)
        return found
