"""A trading desk: the verbs of trades on a real database, with contracts and open books."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Engine

from services.kernel.page import PageRequest
from services.kernel.period import Month
from services.ledger.application.booking_month import BookingMonth
from services.ledger.application.close_month_books import CloseMonthBooks
from services.ledger.application.open_books import OpenBooks
from services.ledger.persistence.months import PostgresMonths
from services.runtime.unit_of_work import Transactions, current_principal
from services.settlement.application.allocate_trades import AllocateTrades
from services.settlement.application.allocation_status import AllocationStatus
from services.settlement.application.check_trades import CheckTrades
from services.settlement.application.correct_trade import CorrectTrade
from services.settlement.application.record_trades import RecordedRow, RecordTrades
from services.settlement.application.trade_ports import RowFilter
from services.settlement.application.transfer_allowances import TransferAllowances
from services.settlement.domain.allocation import Allocation
from services.settlement.domain.contract import Contract, ContractState
from services.settlement.domain.trade import TradeDraft
from services.settlement.persistence.allocations import PostgresAllocations
from services.settlement.persistence.contracts import PostgresContracts
from services.settlement.persistence.trades import PostgresTrades
from tests.builders.trades import MARCH, RULES
from tests.fakes.trades import EveryCustomer, FixedClock, NothingHeld, OpenMarket

LATE = datetime(2025, 6, 30, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """The verbs of trades, joined to one database, with three contracts and open books."""

    engine: Engine
    work: Transactions
    trades: PostgresTrades
    allocations: PostgresAllocations
    record: RecordTrades
    correct: CorrectTrade
    transfer: TransferAllowances
    allocate: AllocateTrades
    check: CheckTrades
    close: CloseMonthBooks

    def report(self, *drafts: TradeDraft) -> tuple[RecordedRow, ...]:
        return self.record(drafts=drafts)

    def parts(self, month: Month) -> tuple[Allocation, ...]:
        with self.work():
            found = self.allocations.list_allocations(RowFilter(month=month), PageRequest(1000))
            return found.items

    def reasons(self, month: Month) -> list[str]:
        return [finding.reason for finding in self.check.findings(month=month)]


def open_desk(engine: Engine, contracts: Sequence[Contract]) -> Desk:
    """Join the verbs, approve the contracts, open the books with March 2025."""
    work, months, clock = Transactions(engine), PostgresMonths(), FixedClock(LATE)
    OpenBooks(unit_of_work=work, months=months, clock=clock)(first_month=MARCH)
    with work():
        for each in contracts:
            drafted = replace(each, state=ContractState.DRAFT, drafted_by="maker", drafted_at=LATE)
            PostgresContracts().add(drafted)
            PostgresContracts().save(drafted.approve(principal="checker", time=LATE))
    record = _record_trades(work, clock)
    return Desk(
        engine=engine,
        work=work,
        trades=PostgresTrades(),
        allocations=PostgresAllocations(),
        record=record,
        correct=CorrectTrade(
            unit_of_work=work,
            trades=PostgresTrades(),
            contracts=PostgresContracts(),
            market=record.market,
            booking_months=record.booking_months,
            rules=RULES,
            clock=clock,
            principal=current_principal,
        ),
        transfer=TransferAllowances(unit_of_work=work, record_trades=record),
        allocate=_allocate_trades(work, clock),
        check=_check_trades(work),
        close=CloseMonthBooks(
            unit_of_work=work, months=months, clock=clock, principal=current_principal
        ),
    )


def _record_trades(work: Transactions, clock: FixedClock) -> RecordTrades:
    return RecordTrades(
        unit_of_work=work,
        trades=PostgresTrades(),
        contracts=PostgresContracts(),
        customers=EveryCustomer(),
        market=OpenMarket(close=Decimal("72.00")),
        booking_months=BookingMonth(unit_of_work=work, months=PostgresMonths()),
        rules=RULES,
        clock=clock,
        principal=current_principal,
    )


def _allocate_trades(work: Transactions, clock: FixedClock) -> AllocateTrades:
    return AllocateTrades(
        unit_of_work=work,
        trades=PostgresTrades(),
        allocations=PostgresAllocations(),
        contracts=PostgresContracts(),
        holdings=NothingHeld(),
        booking_months=BookingMonth(unit_of_work=work, months=PostgresMonths()),
        rules=RULES,
        clock=clock,
        principal=current_principal,
    )


def _check_trades(work: Transactions) -> CheckTrades:
    status = AllocationStatus(
        unit_of_work=work,
        trades=PostgresTrades(),
        allocations=PostgresAllocations(),
        contracts=PostgresContracts(),
    )
    return CheckTrades(unit_of_work=work, trades=PostgresTrades(), status=status)
