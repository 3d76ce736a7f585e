"""ListAwards: show awards to those who may see them."""

from dataclasses import dataclass

from services.incentives.application.ports import Awards
from services.incentives.domain.run import Award
from services.kernel.authority import CurrentPrincipal, Principal
from services.kernel.identifiers import RunName
from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAwards:
    """Lists awards. Row security leaves out other people's; drafts of them are for HR alone."""

    unit_of_work: UnitOfWork
    awards: Awards
    principal: CurrentPrincipal

    def __call__(self, *, page: PageRequest, run: RunName | None) -> Page[Award]:
        """Read one page, of one run or of all."""
        granted_only = sees_granted_only(self.principal())
        with self.unit_of_work():
            return self.awards.page(page, run=run, granted_only=granted_only)


def sees_granted_only(principal: Principal) -> bool:
    """Tell whether a caller sees awards only when they are approved."""
    return "hr" not in principal.roles
