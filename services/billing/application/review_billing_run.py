"""ReviewBillingRun: sign a run as reviewer."""

from dataclasses import dataclass

from services.billing.application.ports import BillingRuns
from services.billing.domain.billing_run import BillingRun
from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.identifiers import RunName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewBillingRun:
    """Adds the caller's signature to a CALCULATED run."""

    unit_of_work: UnitOfWork
    runs: BillingRuns
    principal: CurrentPrincipal
    clock: Clock

    def __call__(self, *, run: RunName, digest: str) -> BillingRun:
        """Sign it.

        Raises:
            NotFound, WrongState, MakerIsChecker, DigestChanged.
        """
        with self.unit_of_work():
            found = self.runs.lock(run)
            if found is None:
                raise NotFound(run)
            signed = found.review(principal=self.principal(), digest=digest, time=self.clock.now())
            self.runs.save(signed)
            return signed
