"""ApproveSettlementRun: sign a reviewed run as its approver."""

from dataclasses import dataclass

from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import SettlementRuns
from services.settlement.domain.run import SettlementRun


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveSettlementRun:
    """Signs a run as the third of its people; above the limit a director is the fourth."""

    unit_of_work: UnitOfWork
    runs: SettlementRuns
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, name: RunName, digest: str) -> SettlementRun:
        """Sign it.

        Raises:
            NotFound, WrongState, MakerIsChecker, AboveAuthority, BlockingFindings, DigestChanged.
        """
        with self.unit_of_work():
            run = self.runs.find(name, lock=True)
            if run is None:
                raise NotFound(name)
            approved = run.approve(principal=self.principal(), digest=digest, time=self.clock.now())
            self.runs.save(approved)
            return approved
