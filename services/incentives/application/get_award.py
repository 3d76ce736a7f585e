"""GetAward: show one award to who may see it."""

from dataclasses import dataclass

from services.incentives.application.list_awards import sees_granted_only
from services.incentives.application.ports import Awards
from services.incentives.domain.run import Award
from services.kernel.authority import CurrentPrincipal
from services.kernel.identifiers import AwardName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GetAward:
    """Shows an award."""

    unit_of_work: UnitOfWork
    awards: Awards
    principal: CurrentPrincipal

    def __call__(self, *, name: AwardName) -> Award:
        """Read it.

        Raises:
            NotFound: it is not there, or is somebody else's.
        """
        granted_only = sees_granted_only(self.principal())
        with self.unit_of_work():
            return self.awards.get(name, granted_only=granted_only)
