"""ListBillingRuns: read a page of billing runs."""

from dataclasses import dataclass

from services.billing.application.ports import BillingRuns
from services.billing.domain.billing_run import BillingRun
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBillingRuns:
    """Reads runs, of one month if asked, by name."""

    unit_of_work: UnitOfWork
    runs: BillingRuns

    def __call__(self, *, month: Month | None, page: PageRequest) -> Page[BillingRun]:
        """Read a page."""
        with self.unit_of_work():
            return self.runs.list_runs(month=month, page=page)
