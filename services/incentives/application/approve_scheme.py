"""ApproveScheme: put a draft in force."""

from dataclasses import dataclass

from services.incentives.application.ports import Schemes
from services.incentives.domain.scheme import Scheme
from services.kernel.authority import CurrentPrincipal
from services.kernel.identifiers import SchemeName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveScheme:
    """Puts a scheme in force, by another person than its maker."""

    unit_of_work: UnitOfWork
    schemes: Schemes
    principal: CurrentPrincipal

    def __call__(self, *, name: SchemeName, etag: str) -> Scheme:
        """Approve it.

        Raises:
            NotFound, EtagChanged, WrongState, MakerIsChecker.
        """
        with self.unit_of_work():
            scheme = self.schemes.get(name, lock=True)
            approved = scheme.approve(approver=self.principal().subject, etag=etag)
            self.schemes.approve(approved)
        return approved
