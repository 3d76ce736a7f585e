"""CompareBooks: the company's books against the mirror of each customer's side."""

from dataclasses import dataclass

from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import Entries
from services.ledger.domain.balances import BookDifference, differences_between_books


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareBooks:
    """Finds customers whose mirror does not show what the company's books show."""

    unit_of_work: UnitOfWork
    entries: Entries

    def __call__(self, *, month: Month) -> tuple[BookDifference, ...]:
        """Compare balances at the end of a month; nothing found means that the books agree."""
        with self.unit_of_work():
            return differences_between_books(
                self.entries.balances(through=month.last_day, known_at=None, by_customer=True)
            )
