"""ListMonthBooks: read the state of every month."""

from dataclasses import dataclass

from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import Months
from services.ledger.domain.months import MonthBooks


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMonthBooks:
    """Reads the months from the first to the last that was opened; none before the books open."""

    unit_of_work: UnitOfWork
    months: Months

    def __call__(self) -> tuple[MonthBooks, ...]:
        """Read them, in order."""
        with self.unit_of_work():
            return self.months.list_months()
