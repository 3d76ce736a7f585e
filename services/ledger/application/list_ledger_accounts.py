"""ListLedgerAccounts: read the chart of accounts."""

from dataclasses import dataclass
from datetime import date

from services.kernel.clock import Clock, shanghai_day
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import LedgerAccounts
from services.ledger.domain.chart import LedgerAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLedgerAccounts:
    """Reads the accounts in force on a day, by book and number."""

    unit_of_work: UnitOfWork
    ledger_accounts: LedgerAccounts
    clock: Clock

    def __call__(self, *, as_of_date: date | None = None) -> tuple[LedgerAccount, ...]:
        """Read them; without a day those in force today."""
        day = as_of_date or shanghai_day(self.clock.now())
        with self.unit_of_work():
            return self.ledger_accounts.list_accounts(as_of_date=day)
