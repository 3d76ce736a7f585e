"""ExportReport: a run as a report, with the awards that the caller may see."""

from dataclasses import dataclass

from services.incentives.application.list_awards import sees_granted_only
from services.incentives.application.ports import Awards, Runs
from services.incentives.application.start_incentive_run import GRANTED
from services.incentives.domain.report import Report, report_of
from services.kernel.authority import CurrentPrincipal
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """Writes the report of a run: totals for all, lines for who may see persons."""

    unit_of_work: UnitOfWork
    runs: Runs
    awards: Awards
    principal: CurrentPrincipal

    def __call__(self, *, run: RunName) -> Report:
        """Read and lay out.

        Raises:
            NotFound.
        """
        drafts_hidden = sees_granted_only(self.principal())
        with self.unit_of_work():
            found = self.runs.get(run)
            hidden = drafts_hidden and found.state not in GRANTED
            awards = () if hidden else self.awards.of_run(run)
        return report_of(found, awards)
