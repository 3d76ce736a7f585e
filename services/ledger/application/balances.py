"""AccountBalances: what accounts hold at the end of a month, for the checks at its close."""

from dataclasses import dataclass

from services.kernel.identifiers import CustomerName
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import Entries
from services.ledger.domain.balances import AccountBalance


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBalances:
    """Sums postings by account, unit and customer through the last day of a month."""

    unit_of_work: UnitOfWork
    entries: Entries

    def __call__(
        self, *, month: Month, customer: CustomerName | None = None
    ) -> tuple[AccountBalance, ...]:
        """Sum them, of one customer or of all (and of nobody in particular)."""
        with self.unit_of_work():
            return self.entries.balances(
                through=month.last_day, known_at=None, by_customer=True, customer=customer
            )
