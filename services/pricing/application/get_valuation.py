"""GetValuation."""

from dataclasses import dataclass

from services.kernel.errors import NotFound
from services.kernel.identifiers import ValuationName
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.valuation_ports import Valuations
from services.pricing.domain.portfolio.valuation import Valuation


@dataclass(frozen=True, slots=True, kw_only=True)
class GetValuation:
    """Reads one valuation."""

    unit_of_work: UnitOfWork
    valuations: Valuations

    def __call__(self, *, name: ValuationName) -> Valuation:
        """Read it.

        Raises:
            NotFound.
        """
        with self.unit_of_work():
            found = self.valuations.find(name)
        if found is None:
            raise NotFound(name)
        return found
