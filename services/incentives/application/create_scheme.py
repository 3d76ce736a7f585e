"""CreateScheme: draft the rules of an incentive plan."""

from dataclasses import dataclass, replace

from services.incentives.application.ports import Schemes
from services.incentives.domain.scheme import Scheme, SchemeState
from services.kernel.authority import CurrentPrincipal
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateScheme:
    """Drafts a scheme; the caller is its maker."""

    unit_of_work: UnitOfWork
    schemes: Schemes
    principal: CurrentPrincipal

    def __call__(self, *, scheme: Scheme) -> Scheme:
        """Write the draft.

        Raises:
            AlreadyExists: a scheme has that name.
        """
        maker = self.principal().subject
        draft = replace(scheme, state=SchemeState.DRAFT, maker=maker, approver="")
        with self.unit_of_work():
            self.schemes.add(draft)
        return draft
