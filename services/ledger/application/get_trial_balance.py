"""GetTrialBalance: every balance as of a day, as known at a moment."""

from dataclasses import dataclass
from datetime import date, datetime

from services.kernel.clock import Clock
from services.kernel.identifiers import CustomerName
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import Entries, LedgerAccounts
from services.ledger.domain.balances import TrialBalance, trial_balance


@dataclass(frozen=True, slots=True, kw_only=True)
class GetTrialBalance:
    """Sums the postings of both books, in money and in tonnes per instrument."""

    unit_of_work: UnitOfWork
    entries: Entries
    ledger_accounts: LedgerAccounts
    clock: Clock

    def __call__(
        self,
        *,
        as_of_date: date,
        known_at: datetime | None = None,
        customer: CustomerName | None = None,
    ) -> TrialBalance:
        """Sum them through the end of ``as_of_date``, leaving out what was recorded later.

        Without ``known_at`` everything recorded so far counts, and the answer says when that was;
        asked again as known then, it is the same but for entries whose transaction was still
        under way. Of one customer only, the books need not sum to zero.
        """
        with self.unit_of_work():
            now = self.clock.now()
            return trial_balance(
                as_of_date=as_of_date,
                known_at=known_at or now,
                accounts=self.ledger_accounts.list_accounts(as_of_date=as_of_date),
                balances=self.entries.balances(
                    through=as_of_date, known_at=known_at, by_customer=False, customer=customer
                ),
            )
