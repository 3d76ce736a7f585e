"""WaiveFinding: let a month close in spite of a finding that holds one subject back."""

from dataclasses import dataclass

from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.errors import NotFound
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.ledger.domain.months import MonthClosed
from services.settlement.application.get_month import GetMonth
from services.settlement.application.settlement_ports import Waivers
from services.settlement.domain.month_close import MonthStatus, Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveFinding:
    """Writes down who let a finding pass, and why."""

    unit_of_work: UnitOfWork
    get_month: GetMonth
    waivers: Waivers
    clock: Clock
    principal: CurrentPrincipal

    def __call__(
        self, *, month: Month, reason: str, subject: str, justification: str
    ) -> MonthStatus:
        """Waive it, and look at the month again.

        Raises:
            NotFound: no such finding stands in the way of the month.
            AlreadyExists: it is waived already.
            MonthClosed.
        """
        waiver = Waiver(
            reason=reason,
            subject=subject,
            justification=justification,
            principal=self.principal().subject,
            time=self.clock.now(),
        )
        with self.unit_of_work():
            status = self.get_month(month=month)
            if not status.books.is_open:
                raise MonthClosed(month)
            waived = status.checklist.waivers if status.checklist else ()
            repeated = any((w.reason, w.subject) == (reason, subject) for w in waived)
            if not repeated and not any(waiver.lets_pass(each) for each in status.blockers):
                raise NotFound(f"months/{month}: finding {reason} about {subject}")
            self.waivers.add(month, waiver)
            return self.get_month(month=month)
