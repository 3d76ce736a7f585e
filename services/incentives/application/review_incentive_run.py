"""ReviewIncentiveRun: sign a calculated run as its reviewer."""

from dataclasses import dataclass

from services.incentives.application.ports import Runs
from services.incentives.domain.run import IncentiveRun
from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewIncentiveRun:
    """Signs a run as its reviewer, who is not its maker."""

    unit_of_work: UnitOfWork
    runs: Runs
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, name: RunName, digest: str) -> IncentiveRun:
        """Sign; an empty digest signs the one that is there.

        Raises:
            NotFound, WrongState, MakerIsChecker, DigestChanged.
        """
        with self.unit_of_work():
            run = self.runs.get(name, lock=True)
            reviewed = run.signed(
                run.sign_off.review(
                    principal=self.principal(),
                    digest=digest or run.sign_off.digest,
                    time=self.clock.now(),
                )
            )
            self.runs.save(reviewed)
        return reviewed
