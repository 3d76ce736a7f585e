"""ApproveIncentiveRun: sign a reviewed run as its approver."""

from dataclasses import dataclass

from services.incentives.application.ports import Runs
from services.incentives.domain.run import IncentiveRun
from services.kernel.authority import DIRECTOR, CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveIncentiveRun:
    """Signs a run as its approver: a finance director, who neither made nor reviewed it."""

    unit_of_work: UnitOfWork
    runs: Runs
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, name: RunName, digest: str) -> IncentiveRun:
        """Sign.

        Raises:
            NotFound, BlockingFindings, WrongState, MakerIsChecker, DigestChanged, AboveAuthority.
        """
        with self.unit_of_work():
            run = self.runs.get(name, lock=True)
            run.require_no_blocking_findings()
            approved = run.signed(
                run.sign_off.approve(
                    principal=self.principal(),
                    digest=digest,
                    time=self.clock.now(),
                    needs_director=False,
                    approver=DIRECTOR,
                )
            )
            self.runs.save(approved)
        return approved
