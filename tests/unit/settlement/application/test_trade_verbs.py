from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services.kernel.authority import Principal
from services.kernel.errors import EtagChanged, NotFound
from services.kernel.identifiers import ContractName, CustomerName, TradeName
from services.kernel.money import money
from services.kernel.page import PageRequest
from services.kernel.period import Month
from services.kernel.tonnes import Tonnes
from services.settlement.application.allocate_trades import (
    AllocateTrades,
    AllocationsFrozen,
    ThroughDateOutsideMonth,
)
from services.settlement.application.allocation_status import AllocationStatus
from services.settlement.application.correct_trade import (
    Correction,
    CorrectTrade,
    NothingCorrected,
)
from services.settlement.application.get_pool_position import GetPoolPosition
from services.settlement.application.list_allocations import ListAllocations
from services.settlement.application.list_trades import ListTrades
from services.settlement.application.record_trades import RecordedRow, RecordTrades, RowOutcome
from services.settlement.application.trade_ports import RowFilter
from services.settlement.application.transfer_allowances import Transfer, TransferAllowances
from services.settlement.domain.contract import Contract
from services.settlement.domain.trade import Trade, TradeDraft
from services.settlement.domain.trade_refusal import InvalidTrade, PriceMissing, VolumeExceeded
from tests.builders.trades import CEA, MARCH, RULES, contract, draft
from tests.fakes.trades import (
    EveryCustomer,
    FixedClock,
    MemoryAllocations,
    MemoryBooks,
    MemoryContracts,
    MemoryTrades,
    NothingHeld,
    OpenMarket,
    no_transaction,
)

PLANT = contract("a", 1_500)
CLOCK = FixedClock(datetime(2025, 6, 30, 9, tzinfo=UTC))


def nobody() -> Principal:
    return Principal("trader-a", frozenset({"trader"}))


@dataclass(frozen=True, slots=True)
class Desk:
    """The verbs of trades without a database; the books are open from March 2025."""

    record: RecordTrades
    correct: CorrectTrade
    allocate: AllocateTrades
    status: AllocationStatus
    trades: MemoryTrades
    allocations: MemoryAllocations
    books: MemoryBooks

    def report(self, *drafts: TradeDraft) -> tuple[RecordedRow, ...]:
        return self.record(drafts=drafts)

    def transfer(self, tonnes: int, buyer: CustomerName | None = PLANT.customer) -> Trade:
        verb = TransferAllowances(unit_of_work=no_transaction, record_trades=self.record)
        moved = Transfer(
            seller=None,
            buyer=buyer,
            instrument=CEA,
            tonnes=tonnes,
            trade_date=date(2025, 3, 4),
            reference="r-1",
        )
        return verb(transfer=moved)


def desk(contracts: Sequence[Contract] = (PLANT,), *, close: str | None = "72.00") -> Desk:
    allocations, books = MemoryAllocations(), MemoryBooks(MARCH)
    trades, existing = MemoryTrades(allocations), MemoryContracts(contracts)
    market = OpenMarket(close=None if close is None else Decimal(close))
    record = RecordTrades(
        unit_of_work=no_transaction,
        trades=trades,
        contracts=existing,
        customers=EveryCustomer(),
        market=market,
        booking_months=books,
        rules=RULES,
        clock=CLOCK,
        principal=nobody,
    )
    correct = CorrectTrade(
        unit_of_work=no_transaction,
        trades=trades,
        contracts=existing,
        market=market,
        booking_months=books,
        rules=RULES,
        clock=CLOCK,
        principal=nobody,
    )
    allocate = AllocateTrades(
        unit_of_work=no_transaction,
        trades=trades,
        allocations=allocations,
        contracts=existing,
        holdings=NothingHeld(),
        booking_months=books,
        rules=RULES,
        clock=CLOCK,
        principal=nobody,
    )
    status = AllocationStatus(
        unit_of_work=no_transaction, trades=trades, allocations=allocations, contracts=existing
    )
    return Desk(record, correct, allocate, status, trades, allocations, books)


def test_record_trades_takes_each_row_for_itself() -> None:
    rows = desk().report(draft(), draft(external_id="x", tonnes=0), draft(), draft(tonnes=2))
    outcomes = [RowOutcome.RECORDED, RowOutcome.REJECTED, RowOutcome.ALREADY_RECORDED]
    assert [row.outcome for row in rows] == [*outcomes, RowOutcome.REJECTED]
    assert rows[3].rejections[0].reason == "EXTERNAL_ID_REUSED"


def test_record_trades_books_what_comes_late_in_the_first_open_month() -> None:
    [row] = desk().report(draft(trade_date=date(2025, 1, 6)))
    assert row.trade is not None
    assert (row.trade.booking_month, row.trade.origin_month) == (MARCH, Month(2025, 1))


def test_record_trades_counts_the_volumes_within_one_batch() -> None:
    earmarks = [draft(external_id=f"e-{n}", contract=PLANT.name, tonnes=800) for n in (1, 2)]
    rows = desk().report(*earmarks)
    assert [row.outcome for row in rows] == [RowOutcome.RECORDED, RowOutcome.REJECTED]
    assert rows[1].rejections[0].reason == "VOLUME_EXCEEDED"


def test_allocate_trades_keeps_what_a_closed_month_allocated() -> None:
    trading = desk()
    trading.report(draft())
    trading.allocate(month=MARCH, through_date=None)
    trading.books.first_open = MARCH.next()
    with pytest.raises(AllocationsFrozen):
        trading.allocate(month=MARCH, through_date=None)


def test_allocate_trades_stops_at_a_day_of_the_month_only() -> None:
    trading = desk()
    trading.report(draft(), draft(external_id="later", trade_date=date(2025, 3, 20)))
    assert trading.allocate(month=MARCH, through_date=date(2025, 3, 10)).trade_count == 1
    with pytest.raises(ThroughDateOutsideMonth):
        trading.allocate(month=MARCH, through_date=date(2025, 4, 1))


def test_allocation_status_tells_what_is_missing_and_what_is_stale() -> None:
    trading = desk()
    assert trading.status(month=MARCH).findings() == ()
    trading.report(draft())
    assert [f.reason for f in trading.status(month=MARCH).findings()] == ["TRADES_NOT_ALLOCATED"]
    trading.allocate(month=MARCH, through_date=None)
    assert trading.status(month=MARCH).findings() == ()
    fees = Correction(fees=money("3.00"), reason="fee note")
    trading.correct(name=TradeName("trades/t-1"), etag="1", correction=fees)
    assert [f.reason for f in trading.status(month=MARCH).findings()] == ["ALLOCATION_STALE"]


def test_correct_trade_refuses_what_is_out_of_date_or_says_nothing() -> None:
    trading = desk()
    trading.report(draft())
    name, same = TradeName("trades/t-1"), Correction(tonnes=Tonnes(1_000), reason="none")
    with pytest.raises(EtagChanged):
        trading.correct(name=name, etag="7", correction=same)
    with pytest.raises(NothingCorrected):
        trading.correct(name=name, etag="1", correction=same)
    with pytest.raises(NotFound):
        trading.correct(name=TradeName("trades/none"), etag="", correction=same)


def test_correct_trade_holds_the_new_version_against_the_rules() -> None:
    trading = desk()
    trading.report(draft(contract=PLANT.name, tonnes=1_000))
    name = TradeName("trades/t-1")
    wrong = Correction(unit_price=Decimal("72.005"), reason="misread")
    large = Correction(tonnes=Tonnes(1_501), reason="misread")
    with pytest.raises(InvalidTrade, match="PRICE_OFF_TICK"):
        trading.correct(name=name, etag="", correction=wrong)
    with pytest.raises(VolumeExceeded):
        trading.correct(name=name, etag="", correction=large)


def test_correct_trade_cancels_by_zero_tonnes() -> None:
    trading = desk()
    trading.report(draft())
    void = Correction(tonnes=Tonnes(0), reason="voided by the venue")
    assert trading.correct(name=TradeName("trades/t-1"), etag="", correction=void).tonnes == 0
    assert trading.allocate(month=MARCH, through_date=None).allocation_count == 0


def test_transfer_allowances_takes_the_close_of_the_day() -> None:
    trade = desk(close="71.50").transfer(100)
    assert (trade.amount, trade.buyer_contract) == (money("7150.00"), PLANT.name)


def test_transfer_allowances_refuses_by_name() -> None:
    with pytest.raises(PriceMissing):
        desk(close=None).transfer(100)
    with pytest.raises(VolumeExceeded):
        desk().transfer(1_501)
    with pytest.raises(InvalidTrade, match="OWNERS_MISSING"):
        desk().transfer(100, buyer=None)


def test_lists_and_the_pool_show_what_is_there() -> None:
    trading = desk()
    trading.report(draft(tonnes=2_000), draft(external_id="e", contract=ContractName(PLANT.name)))
    trading.allocate(month=MARCH, through_date=None)
    wanted, page = RowFilter(month=MARCH), PageRequest(10)
    listed = ListTrades(unit_of_work=no_transaction, trades=trading.trades)
    parts = ListAllocations(unit_of_work=no_transaction, allocations=trading.allocations)
    pool = GetPoolPosition(unit_of_work=no_transaction, allocations=trading.allocations)
    assert len(listed(wanted=wanted, page=page).items) == 2
    assert len(parts(wanted=wanted, page=page).items) == 3
    [position] = pool(as_of_date=date(2025, 3, 31))
    assert (position.net_tonnes, position.average_cost) == (1_500, Decimal("72.000000"))
