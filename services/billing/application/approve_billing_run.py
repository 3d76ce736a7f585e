"""ApproveBillingRun: sign a run as approver."""

from dataclasses import dataclass

from services.billing.application.ports import BillingRuns
from services.billing.domain.billing_run import BillingRun
from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveBillingRun:
    """Adds the caller's signature to a REVIEWED run."""

    unit_of_work: UnitOfWork
    runs: BillingRuns
    principal: CurrentPrincipal
    clock: Clock

    def __call__(self, *, run: RunName, digest: str) -> BillingRun:
        """Sign it.

        Raises:
            NotFound, WrongState, MakerIsChecker, DigestChanged, AboveAuthority, BlockingFindings.
        """
        with self.unit_of_work():
            found = self.runs.lock(run)
            if found is None:
                raise NotFound(run)
            signed = found.approve(principal=self.principal(), digest=digest, time=self.clock.now())
            self.runs.save(signed)
            return signed
