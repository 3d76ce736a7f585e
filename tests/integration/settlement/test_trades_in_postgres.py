"""Trades and their allocation on a real PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.kernel.authority import SYSTEM, Principal
from services.kernel.errors import EtagChanged, NotFound
from services.kernel.identifiers import ContractName, TradeName
from services.kernel.instrument import InstrumentKind
from services.kernel.money import money
from services.kernel.page import PageRequest
from services.kernel.period import Month
from services.kernel.tonnes import Tonnes
from services.runtime.database import open_engine
from services.runtime.unit_of_work import acting_as
from services.settlement.application.allocate_trades import AllocationsFrozen
from services.settlement.application.correct_trade import Correction
from services.settlement.application.get_pool_position import GetPoolPosition
from services.settlement.application.record_trades import RowOutcome
from services.settlement.application.trade_ports import RowFilter
from services.settlement.application.transfer_allowances import Transfer
from services.settlement.domain.allocated_month import MonthAllocation
from services.settlement.domain.trade import Trade, TradeMode, TradeSide
from tests.builders.trades import CEA, MARCH, contract, draft
from tests.support.trading_desk import Desk, open_desk

FIRST, SECOND, THIRD = contract("a", 50_000), contract("b", 30_000), contract("c", 20_001)
FEBRUARY, APRIL = Month(2025, 2), Month(2025, 4)


@pytest.fixture
def desk(fresh_database: str) -> Iterator[Desk]:
    engine = open_engine(fresh_database, pool_size=8)
    with acting_as(SYSTEM):
        yield open_desk(engine, (FIRST, SECOND, THIRD))
    engine.dispose()


BOUGHT = draft(
    mode=TradeMode.AUCTION, tonnes=10_001, amount=money("720472.04"), unit_price=Decimal("72.04")
)


def read(desk: Desk, external_id: str) -> Trade:
    with desk.work():
        return desk.trades.known([external_id])[external_id]


def test_records_a_batch_once_and_names_what_is_refused(desk: Desk) -> None:
    reused, late = draft(tonnes=2), draft(external_id="late", trade_date=date(2025, 2, 3))
    rows = desk.report(draft(), draft(), reused, late, draft(external_id="none", tonnes=0))
    assert [row.outcome.value[:3] for row in rows] == ["REC", "ALR", "REJ", "REC", "REJ"]
    assert rows[2].rejections[0].reason == "EXTERNAL_ID_REUSED"
    assert rows[3].trade is not None
    assert rows[3].trade.booking_month == MARCH
    [again] = desk.report(draft())
    assert again.outcome is RowOutcome.ALREADY_RECORDED
    assert again.trade == rows[0].trade


def test_reads_a_trade_back_as_it_was_recorded(desk: Desk) -> None:
    [row] = desk.report(draft(contract=FIRST.name, fees=money("1.23")))
    assert row.trade is not None
    assert read(desk, "t-1") == row.trade
    with desk.work(), pytest.raises(NotFound):
        desk.trades.get(TradeName("trades/none"))


def test_refuses_to_change_a_recorded_trade(desk: Desk) -> None:
    desk.report(draft())
    with desk.engine.begin() as owner, pytest.raises(DBAPIError, match="permission denied"):
        owner.execute(text("UPDATE settlement.trades SET tonnes = 1"))


def test_lists_trades_page_by_page_in_their_newest_version(desk: Desk) -> None:
    desk.report(*(draft(external_id=f"t-{n}", trade_date=date(2025, 3, n)) for n in (3, 4, 5)))
    desk.correct(
        name=TradeName("trades/t-4"), etag="1", correction=Correction(fees=money("2"), reason="x")
    )
    with desk.work():
        first = desk.trades.list_trades(RowFilter(month=MARCH), PageRequest(2))
        second = desk.trades.list_trades(RowFilter(month=MARCH), PageRequest(2, first.next_after))
    names = [(t.name[-1], t.version) for t in (*first.items, *second.items)]
    assert names == [("3", 1), ("4", 2), ("5", 1)]
    assert second.next_after is None


def test_says_by_how_much_a_corrected_price_is_not_allocated(desk: Desk) -> None:
    desk.report(draft(external_id="t-1", tonnes=100, unit_price=Decimal("72.00")))
    desk.allocate(month=MARCH, through_date=None)
    right = Correction(unit_price=Decimal("71.00"), reason="misread")
    desk.correct(name=TradeName("trades/t-1"), etag="1", correction=right)
    [finding] = desk.check.findings(month=MARCH)
    assert finding.message == (
        "trades of 2025-03 come to 100 t for CNY 7,100.00; allocated are 100 t for CNY 7,200.00"
    )


def test_allocates_the_worked_bundle_and_replaces_it_as_a_whole(desk: Desk) -> None:
    desk.report(BOUGHT)
    assert desk.reasons(MARCH) == ["TRADES_NOT_ALLOCATED"]
    once = desk.allocate(month=MARCH, through_date=None)
    again = desk.allocate(month=MARCH, through_date=None)
    assert again == once
    amounts = {p.owner.contract: p.figures.amount_fen for p in desk.parts(MARCH)}
    assert amounts == {FIRST.name: 36_027_204, SECOND.name: 21_612_000, THIRD.name: 14_408_000}
    assert desk.reasons(MARCH) == []
    assert desk.check.tonnes(month=MARCH).allocated == 10_001


def test_tells_that_an_allocation_is_stale(desk: Desk) -> None:
    desk.report(BOUGHT)
    desk.allocate(month=MARCH, through_date=None)
    wrong = Correction(fees=money("5"), reason="fee note")
    desk.correct(name=TradeName("trades/t-1"), etag="", correction=wrong)
    assert desk.reasons(MARCH) == ["ALLOCATION_STALE"]
    desk.allocate(month=MARCH, through_date=None)
    assert desk.reasons(MARCH) == []


def test_gives_the_same_allocation_when_asked_by_two_at_once(desk: Desk) -> None:
    desk.report(BOUGHT)

    def allocate(_: int) -> MonthAllocation:
        with acting_as(SYSTEM):
            return desk.allocate(month=MARCH, through_date=None)

    with ThreadPoolExecutor(4) as pool:
        states = set(pool.map(allocate, range(4)))
    assert len(states) == 1
    assert len(desk.parts(MARCH)) == 3


def test_splits_a_corrected_amount_of_a_closed_month_over_its_frozen_tonnes(desk: Desk) -> None:
    desk.report(BOUGHT)
    desk.allocate(month=MARCH, through_date=None)
    desk.close(month=MARCH)
    with pytest.raises(AllocationsFrozen):
        desk.allocate(month=MARCH, through_date=None)
    higher = Correction(unit_price=Decimal("72.05"), reason="price note")
    corrected = desk.correct(name=TradeName("trades/t-1"), etag="1", correction=higher)
    assert (corrected.booking_month, corrected.version) == (APRIL, 2)
    desk.allocate(month=APRIL, through_date=None)
    parts = sorted(desk.parts(APRIL), key=lambda part: part.owner.order)
    assert [part.figures.amount_fen for part in parts] == [5_001, 3_000, 2_000]
    assert {part.origin_month for part in parts} == {MARCH}
    assert desk.reasons(APRIL) == []


def test_refuses_a_correction_of_an_old_version(desk: Desk) -> None:
    desk.report(draft())
    change = Correction(tonnes=Tonnes(5), reason="misread")
    desk.correct(name=TradeName("trades/t-1"), etag="1", correction=change)
    with pytest.raises(EtagChanged):
        desk.correct(name=TradeName("trades/t-1"), etag="1", correction=change)


def test_transfers_between_a_customer_and_the_pool_at_the_price_by_rule(desk: Desk) -> None:
    desk.report(draft(trade_date=date(2025, 3, 3), side=TradeSide.BUY))
    moved = Transfer(
        seller=None,
        buyer=FIRST.customer,
        instrument=CEA,
        tonnes=100,
        trade_date=date(2025, 3, 4),
        reference="0198d1f0-0000-4000-8000-000000000000",
    )
    trade = desk.transfer(transfer=moved)
    assert (trade.buyer_contract, trade.amount) == (FIRST.name, money("7200.00"))
    assert desk.transfer(transfer=moved) == trade
    desk.allocate(month=MARCH, through_date=None)
    pool = GetPoolPosition(unit_of_work=desk.work, allocations=desk.allocations)
    [position] = pool(as_of_date=date(2025, 3, 31))
    assert (position.sold.tonnes, position.net_tonnes) == (100, -100)
    assert desk.check.tonnes(month=MARCH).traded == 1_200


def test_adds_up_what_contracts_and_customers_were_given(desk: Desk) -> None:
    desk.report(BOUGHT, draft(external_id="e", contract=FIRST.name, tonnes=1_000))
    desk.allocate(month=MARCH, through_date=None)
    with desk.work():
        owners = [FIRST.customer, SECOND.customer, THIRD.customer]
        traded = desk.allocations.traded_tonnes(owners, months=[FEBRUARY, MARCH])
        only_second = desk.allocations.traded_tonnes([SECOND.customer], months=[MARCH])
        nothing = desk.allocations.traded_tonnes(owners, months=[FEBRUARY])
        committed = desk.trades.committed([FIRST.name, SECOND.name], before=MARCH)
    given = [p.figures.tonnes for p in desk.parts(MARCH) if p.owner.contract == FIRST.name]
    assert sum(given) == traded[FIRST.customer, MARCH, InstrumentKind.CEA]
    assert sum(traded.values()) == 11_001
    assert ({key[0] for key in only_second}, nothing) == ({SECOND.customer}, {})
    assert committed == {FIRST.name: 1_000}


def test_shows_a_customer_only_its_own_rows(desk: Desk) -> None:
    desk.report(BOUGHT, draft(external_id="e", contract=FIRST.name))
    desk.allocate(month=MARCH, through_date=None)
    plant = Principal("plant-a", frozenset({"customer"}), frozenset({FIRST.customer}))
    with acting_as(plant), desk.work():
        seen = desk.trades.list_trades(RowFilter(), PageRequest(10)).items
        parts = desk.allocations.list_allocations(RowFilter(), PageRequest(10)).items
    assert [trade.contract for trade in seen] == [FIRST.name]
    assert {part.owner.customer for part in parts} == {FIRST.customer}


def test_never_takes_more_than_a_contract_has_left_from_two_batches_at_once(desk: Desk) -> None:
    def report(number: int) -> RowOutcome:
        earmark = draft(external_id=f"e-{number}", contract=ContractName(THIRD.name), tonnes=20_000)
        with acting_as(SYSTEM):
            [row] = desk.report(earmark)
            return row.outcome

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(report, range(4)))
    assert sorted(outcomes) == [RowOutcome.RECORDED, *[RowOutcome.REJECTED] * 3]
