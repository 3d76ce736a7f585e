"""ListSchemes: show schemes by name."""

from dataclasses import dataclass

from services.incentives.application.ports import Schemes
from services.incentives.domain.scheme import Scheme
from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSchemes:
    """Lists schemes."""

    unit_of_work: UnitOfWork
    schemes: Schemes

    def __call__(self, *, page: PageRequest) -> Page[Scheme]:
        """Read one page."""
        with self.unit_of_work():
            return self.schemes.page(page)
