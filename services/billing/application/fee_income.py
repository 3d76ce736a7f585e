"""FeeIncome: the fees of closed months; asked by incentives."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.billing.application.ports import BillingRuns
from services.billing.domain.amounts import sum_amounts
from services.kernel.authority import RunState
from services.kernel.money import Money, from_minor
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeIncome:
    """Sums what was issued, less credit notes, without tax."""

    unit_of_work: UnitOfWork
    runs: BillingRuns

    def __call__(self, *, months: Sequence[Month]) -> Money:
        """Sum the net of some months."""
        with self.unit_of_work():
            issued = [
                run
                for month in months
                for run in self.runs.of_month(month)
                if run.state is RunState.ISSUED
            ]
        return from_minor(sum_amounts(run.totals.amounts for run in issued).net_fen)
