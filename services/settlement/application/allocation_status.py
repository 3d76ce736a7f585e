"""AllocationStatus: tell a settlement run whether a month's allocation can be relied on."""

from dataclasses import dataclass

from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.trade_ports import (
    Allocations,
    ContractsInForce,
    MonthTally,
    Trades,
)
from services.settlement.domain.allocated_month import MonthAllocation, input_version


@dataclass(frozen=True, slots=True)
class AllocationStanding:
    """A month's last allocation (None: there was none), what holds now, and the totals."""

    state: MonthAllocation | None
    current_version: str
    tally: MonthTally

    @property
    def is_current(self) -> bool:
        """Tell whether nothing that it was computed from has changed since."""
        return self.state is not None and self.state.input_version == self.current_version

    @property
    def is_complete(self) -> bool:
        """Tell whether it is current, covers the month, and allocates all that was traded."""
        state = self.state
        return state is not None and self.is_current and state.covers_month and self.tally.agrees


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationStatus:
    """Compares a month's last allocation with what it would be computed from now."""

    unit_of_work: UnitOfWork
    trades: Trades
    allocations: Allocations
    contracts: ContractsInForce

    def __call__(self, *, month: Month) -> AllocationStanding:
        """Compare."""
        with self.unit_of_work():
            state = self.allocations.month_state(month)
            through = month.last_day if state is None else state.through_date
            version = input_version(
                trades=self.trades.versions_in(month, through=through),
                through_date=through,
                contracts=self.contracts(),
                taken=self.allocations.taken_before(month),
            )
            return AllocationStanding(state, version, self.trades.tally(month))
