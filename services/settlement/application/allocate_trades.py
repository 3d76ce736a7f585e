"""AllocateTrades: give every contract its part of an open month's trades, from the first day."""

from dataclasses import dataclass
from datetime import date

from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock
from services.kernel.errors import FieldViolation, InvalidInput, Refused
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.frozen_parts import read_frozen_parts
from services.settlement.application.settlement_ports import NameRange
from services.settlement.application.trade_ports import (
    Allocations,
    BookingMonths,
    ContractsInForce,
    Holdings,
    Trades,
)
from services.settlement.domain.allocated_month import (
    AllocationRequest,
    MonthAllocation,
    input_version,
    summarise,
)
from services.settlement.domain.allocating import AllocationInputs, allocate
from services.settlement.domain.allocation_inputs import corrected_bundles
from services.settlement.domain.market_rules import MarketRules


class AllocationsFrozen(Refused):
    """The month is closed; its allocations never change."""

    reason = "MONTH_CLOSED"


class ThroughDateOutsideMonth(InvalidInput):
    """The last day to allocate does not lie in the month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocateTrades:
    """Allocates a month anew and replaces what it had, as a whole."""

    unit_of_work: UnitOfWork
    trades: Trades
    allocations: Allocations
    contracts: ContractsInForce
    holdings: Holdings
    booking_months: BookingMonths
    rules: MarketRules
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, month: Month, through_date: date | None) -> MonthAllocation:
        """Allocate through a day; not given, through the month's last day.

        Raises:
            AllocationsFrozen, ThroughDateOutsideMonth, BooksNotOpen.
        """
        through = month.last_day if through_date is None else through_date
        if through not in month.period:
            wrong = f"{through} does not lie in {month}"
            raise ThroughDateOutsideMonth(
                wrong, violations=(FieldViolation("through_date", wrong),)
            )
        with self.unit_of_work():
            if self.booking_months(month=month) != month:
                raise AllocationsFrozen(
                    f"the books of {month} are closed; its allocations stay",
                    subject=f"months/{month}",
                )
            self.allocations.lock_month(month)
            return self._allocate(month, through)

    def _allocate(self, month: Month, through: date) -> MonthAllocation:
        # Named before they are read: what is added meanwhile makes the allocation stale.
        versions = self.trades.versions_in(month, through=through)
        terms = self.contracts.terms_version(month=month)
        trades = self.trades.booked_in(month, through=through)
        contracts = self.contracts.to_settle(NameRange(), month=month)
        taken = self.allocations.taken_before(month)
        frozen = read_frozen_parts(self.allocations, corrected_bundles(trades), before=month)
        inputs = AllocationInputs(
            month=month,
            trades=trades,
            contracts=contracts,
            taken=taken,
            held=self.holdings(before=month),
            frozen=frozen,
            rules=self.rules,
        )
        version = input_version(
            trades=versions,
            through_date=through,
            contracts=terms,
            taken=taken,
        )
        request = AllocationRequest(
            month=month,
            through_date=through,
            input_version=version,
            allocated_by=self.principal().subject,
            allocated_at=self.clock.now(),
        )
        allocated = allocate(inputs)
        state = summarise(allocated, request=request, trade_count=len(trades))
        self.allocations.replace_month(state, allocated.allocations)
        return state
