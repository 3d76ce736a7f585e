"""GetMonthBooks: read the state of one month."""

from dataclasses import dataclass

from services.kernel.errors import NotFound
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import Months
from services.ledger.domain.months import MonthBooks, month_name


@dataclass(frozen=True, slots=True, kw_only=True)
class GetMonthBooks:
    """Reads a month. One after the last that was booked in is open, though it has no row yet."""

    unit_of_work: UnitOfWork
    months: Months

    def __call__(self, *, month: Month) -> MonthBooks:
        """Read it.

        Raises:
            NotFound: the books are not open, or begin later.
        """
        with self.unit_of_work():
            first = self.months.first()
            if first is None or month < first.month:
                raise NotFound(month_name(month))
            return self.months.find(month) or MonthBooks(month=month)
