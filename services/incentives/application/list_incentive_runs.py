"""ListIncentiveRuns: show runs by name."""

from dataclasses import dataclass

from services.incentives.application.ports import Runs
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.run import IncentiveRun
from services.kernel.identifiers import SchemeName
from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ListIncentiveRuns:
    """Lists runs."""

    unit_of_work: UnitOfWork
    runs: Runs

    def __call__(
        self, *, page: PageRequest, scheme: SchemeName | None, cycle: Cycle | None
    ) -> Page[IncentiveRun]:
        """Read one page."""
        with self.unit_of_work():
            return self.runs.page(page, scheme=scheme, cycle=cycle)
