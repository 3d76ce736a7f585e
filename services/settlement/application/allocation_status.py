"""AllocationStatus: tell a settlement run whether a month's allocation can be relied on."""

from dataclasses import dataclass

from services.kernel.finding import Finding, Severity
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.trade_ports import (
    Allocations,
    ContractsInForce,
    MonthTally,
    Trades,
)
from services.settlement.domain.allocated_month import MonthAllocation, input_version
from services.settlement.domain.explanation import fen


@dataclass(frozen=True, slots=True)
class AllocationStanding:
    """A month's last allocation (None: there was none), what holds now, and the totals."""

    month: Month
    state: MonthAllocation | None
    current_version: str
    tally: MonthTally

    @property
    def is_current(self) -> bool:
        """Tell whether nothing that it was computed from has changed since."""
        return self.state is not None and self.state.input_version == self.current_version

    def findings(self) -> tuple[Finding, ...]:
        """Name what keeps the month from being settled, and what the allocation found."""
        if self.state is None or not self.tally.agrees:
            return (self._unallocated(),) if not self._is_empty() else ()
        if not self.is_current:
            return (self._stale(self.state),)
        return self.state.findings

    def _is_empty(self) -> bool:
        return self.tally.trade_count == 0 and self.tally.agrees

    def _unallocated(self) -> Finding:
        tally, subject = self.tally, f"months/{self.month}"
        traded = f"{tally.traded_tonnes:,} t for CNY {fen(tally.traded_amount_fen)}"
        allocated = f"{tally.allocated_tonnes:,} t for CNY {fen(tally.allocated_amount_fen)}"
        text = f"trades of {self.month} come to {traded}; allocated are {allocated}"
        blocking = Severity.RUN_BLOCKING
        return Finding(blocking, "TRADES_NOT_ALLOCATED", subject, text, "allocate the month")

    def _stale(self, state: MonthAllocation) -> Finding:
        text = f"trades or contracts changed since {self.month} was allocated"
        subject = f"months/{state.month}"
        blocking = Severity.RUN_BLOCKING
        return Finding(blocking, "ALLOCATION_STALE", subject, text, "allocate the month again")


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
            version = self._version(month, state)
            return AllocationStanding(month, state, version, self.trades.tally(month))

    def is_stale(self, *, month: Month) -> bool:
        """Tell whether what it was computed from has changed since; nothing is added up."""
        with self.unit_of_work():
            state = self.allocations.month_state(month)
            if state is None:
                return self.trades.tally(month).trade_count > 0
            return state.input_version != self._version(month, state)

    def _version(self, month: Month, state: MonthAllocation | None) -> str:
        through = month.last_day if state is None else state.through_date
        return input_version(
            trades=self.trades.versions_in(month, through=through),
            through_date=through,
            contracts=self.contracts.terms_version(month=month),
            taken=self.allocations.taken_before(month),
        )
