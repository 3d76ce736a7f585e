"""Dated parameters of billing: what the house decided, with the source of each decision."""

from dataclasses import dataclass
from datetime import date, timedelta

from services.kernel.money import Money
from services.kernel.period import Month


@dataclass(frozen=True, slots=True)
class Parameters:
    """``payment_days`` from the end of the month billed; ``approval_limit`` of one signature."""

    payment_days: int
    approval_limit: Money

    def due_date(self, month: Month) -> date:
        """Find the day by which the invoices of a month must be paid."""
        return month.last_day + timedelta(days=self.payment_days)
