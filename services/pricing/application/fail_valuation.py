"""FailValuation: give a valuation up whose chunk failed for the last time; asked by the queue."""

from dataclasses import dataclass

from services.kernel.authority import RunState
from services.kernel.identifiers import ValuationName
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.valuation_ports import Valuations


@dataclass(frozen=True, slots=True, kw_only=True)
class FailValuation:
    """Ends a valuation that cannot be computed, with the reason."""

    unit_of_work: UnitOfWork
    valuations: Valuations

    def __call__(self, *, valuation: ValuationName, failure: str) -> bool:
        """Give it up; False when it is over already."""
        with self.unit_of_work():
            found = self.valuations.find(valuation)
            if found is None or found.state is not RunState.CALCULATING:
                return False
            self.valuations.conclude(found.failed(failure))
            return True
