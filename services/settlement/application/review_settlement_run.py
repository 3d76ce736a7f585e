"""ReviewSettlementRun: sign a calculated run as its reviewer."""

from dataclasses import dataclass

from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.settlement_ports import SettlementRuns
from services.settlement.domain.run import SettlementRun


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSettlementRun:
    """Signs a run; the second of its people."""

    unit_of_work: UnitOfWork
    runs: SettlementRuns
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, name: RunName, digest: str = "") -> SettlementRun:
        """Sign it; an empty digest signs what is there.

        Raises:
            NotFound, WrongState, MakerIsChecker, DigestChanged.
        """
        with self.unit_of_work():
            run = self.runs.find(name, lock=True)
            if run is None:
                raise NotFound(name)
            reviewed = run.review(principal=self.principal(), digest=digest, time=self.clock.now())
            self.runs.save(reviewed)
            return reviewed
