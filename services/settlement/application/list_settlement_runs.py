"""ListSettlementRuns: show runs, newest first."""

from dataclasses import dataclass

from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import SettlementRuns
from services.settlement.domain.run import RunKind, SettlementRun


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSettlementRuns:
    """Reads a page of runs, newest first."""

    unit_of_work: UnitOfWork
    runs: SettlementRuns

    def __call__(
        self, *, month: Month | None, kind: RunKind | None, page: PageRequest
    ) -> Page[SettlementRun]:
        """Read it."""
        with self.unit_of_work():
            return self.runs.list_runs(month=month, kind=kind, page=page)
