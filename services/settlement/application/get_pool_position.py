"""GetPoolPosition: show what the company's own pool bought, sold and holds."""

from dataclasses import dataclass
from datetime import date

from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.trade_ports import Allocations
from services.settlement.domain.pool import PoolPosition, positions


@dataclass(frozen=True, slots=True, kw_only=True)
class GetPoolPosition:
    """Reads the pool's position in every instrument."""

    unit_of_work: UnitOfWork
    allocations: Allocations

    def __call__(self, *, as_of_date: date) -> tuple[PoolPosition, ...]:
        """Read it, by instrument code; ``as_of_date`` is the last trade date that counts."""
        with self.unit_of_work():
            return positions(self.allocations.pool_parts(through=as_of_date))
