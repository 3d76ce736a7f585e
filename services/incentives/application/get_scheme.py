"""GetScheme: show one scheme."""

from dataclasses import dataclass

from services.incentives.application.ports import Schemes
from services.incentives.domain.scheme import Scheme
from services.kernel.identifiers import SchemeName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GetScheme:
    """Shows a scheme."""

    unit_of_work: UnitOfWork
    schemes: Schemes

    def __call__(self, *, name: SchemeName) -> Scheme:
        """Read it.

        Raises:
            NotFound.
        """
        with self.unit_of_work():
            return self.schemes.get(name)
