"""GetTrialBalance: every balance as of a day, as known at a moment."""

from dataclasses import dataclass
from datetime import date, datetime

from services.kernel.clock import Clock
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.application.ports import Entries
from services.ledger.domain.balances import TrialBalance


@dataclass(frozen=True, slots=True, kw_only=True)
class GetTrialBalance:
    """Sums the postings of both books, in money and in tonnes per instrument."""

    unit_of_work: UnitOfWork
    entries: Entries
    clock: Clock

    def __call__(
        self, *, as_of_date: date, known_at: datetime | None = None, by_customer: bool = False
    ) -> TrialBalance:
        """Sum them through the end of ``as_of_date``, leaving out what was recorded later.

        Without ``known_at`` everything recorded so far counts, and the answer says when that was.
        """
        with self.unit_of_work():
            now = self.clock.now()
            balances = self.entries.balances(
                through=as_of_date, known_at=known_at, by_customer=by_customer
            )
            return TrialBalance(as_of_date=as_of_date, known_at=known_at or now, balances=balances)
