"""ListLedgerAccounts: read the chart of accounts."""

from dataclasses import dataclass
from datetime import date

from services.kernel.clock import Clock, shanghai_day
from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import LedgerAccounts
from services.ledger.domain.chart import LedgerAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLedgerAccounts:
    """Reads the accounts in force on a day, by book and number."""

    unit_of_work: UnitOfWork
    ledger_accounts: LedgerAccounts
    clock: Clock

    def __call__(self, *, as_of_date: date | None, page: PageRequest) -> Page[LedgerAccount]:
        """Read a page of them; without a day of those in force today."""
        day = as_of_date or shanghai_day(self.clock.now())
        with self.unit_of_work():
            accounts = self.ledger_accounts.list_accounts(as_of_date=day)
        rest = [a for a in accounts if page.after is None or (a.book, a.number) > page.after]
        shown = tuple(rest[: page.size])
        more = len(rest) > page.size
        return Page(shown, (shown[-1].book, shown[-1].number) if more else None)
