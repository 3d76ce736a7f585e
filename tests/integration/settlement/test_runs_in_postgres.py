"""Settlement runs, months and contracts on a real PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.kernel.authority import SYSTEM, DigestChanged, Principal, RunState
from services.kernel.errors import AlreadyExists, NotFound, WrongState
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.page import PageRequest
from services.kernel.period import Month
from services.ledger.domain.months import MonthClosed, MonthOutOfOrder, MonthState
from services.runtime.database import open_engine
from services.runtime.unit_of_work import acting_as, current_connection
from services.settlement.application.fail_settlement_run import FailSettlementRun
from services.settlement.application.post_settlement_run import TradesChanged
from services.settlement.application.settle_contracts import SettleContracts
from services.settlement.application.settlement_ports import (
    ContractFilter,
    NameRange,
    SettlementFilter,
)
from services.settlement.domain.contract import PromisedPrice
from services.settlement.domain.run import BlockingFindings, RunKind, SettlementRun
from services.settlement.domain.trade import TradeMode
from services.settlement.persistence.contracts import PostgresContracts
from services.settlement.persistence.settlement_source import PostgresSettlementSource
from services.settlement.persistence.settlements import PostgresSettlements
from tests.builders.settlement import DRAFTED_AT, THIRTY_FIFTY, contract
from tests.builders.trades import draft
from tests.support.settlement_office import Office, acting, open_office

MARCH, APRIL, MAY = Month(2025, 3), Month(2025, 4), Month(2025, 5)
PLANT = contract(tax_rate=Decimal("0.06"))
OTHER = contract(
    name=ContractName("contracts/yueyang-2025"),
    customer=CustomerName("customers/yueyang"),
    gain_share_tiers=THIRTY_FIFTY,
)


@pytest.fixture
def office(fresh_database: str) -> Iterator[Office]:
    engine = open_engine(fresh_database, pool_size=8)
    with acting_as(SYSTEM):
        yield open_office(engine, (PLANT, OTHER))
    engine.dispose()


def _rows(office: Office, run: SettlementRun) -> dict[str, tuple[int, int, int]]:
    [settlement] = office.settlements(run)
    return {
        str(row.origin): (row.moved.gain, row.moved.share, row.gross) for row in settlement.rows
    }


def test_corrects_closed_months_by_origin_as_worked_by_hand(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    office.settle_and_close(MARCH)
    office.buy("m2", date(2025, 4, 8), 80_000, "69.91", PLANT)
    office.settle_and_close(APRIL)
    office.buy("late", date(2025, 3, 4), 10_000, "80.00", PLANT)
    office.buy("m3", date(2025, 5, 8), 40_000, "82.95", PLANT)
    run = office.settle(MAY)
    assert _rows(office, run) == {
        "2025-03": (-5_000_000, -360_000, -4_640_000),
        "2025-04": (0, -1_140_000, 1_140_000),
        "2025-05": (-31_800_000, -9_540_000, -22_260_000),
    }


def test_closes_a_month_when_traded_allocated_settled_and_posted_agree(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    with acting("closer"), pytest.raises(BlockingFindings) as refused:
        office.close(month=MARCH)
    reasons = set(refused.value.metadata.values())
    assert {"TRADES_NOT_ALLOCATED", "RUN_NOT_POSTED", "TONNES_DISAGREE"} <= reasons
    status = office.settle_and_close(MARCH)
    assert status.books.state is MonthState.CLOSED
    assert status.checklist is not None
    assert status.checklist.posted_tonnes == 60_000


def test_does_not_close_while_billing_has_something_to_issue(office: Office) -> None:
    office.billing.obstacles = (
        Finding(Severity.RUN_BLOCKING, "INVOICES_NOT_ISSUED", "months/2025-03", "not issued"),
    )
    with pytest.raises(BlockingFindings, match="not issued"):
        office.settle_and_close(MARCH)


def test_posts_a_balanced_mirror_and_the_pools_part(office: Office) -> None:
    with acting("trader", "trader"):
        office.desk.report(
            draft(tonnes=450_001, mode=TradeMode.AUCTION, unit_price=Decimal("72.00"))
        )
    run = office.settle(MARCH)
    assert [s.custody for s in office.settlements(run)] == [{"CEA-2024": 200_000}] * 2
    with office.desk.engine.begin() as seen:
        seen.execute(text("SELECT set_config('app.scope', '*', true)"))
        held = seen.execute(text(_POOL)).all()
    assert [tuple(row) for row in held] == [("CEA-2024", 50_001), ("CNY", 360_007_200)]
    with acting("closer"):
        assert office.get_month(month=MARCH).blockers == ()


def test_settles_a_chunk_once_however_often_it_is_tried(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    run = office.calculate(MARCH)
    office.settle_chunk(run=run.name, chunk=0)
    assert office.read(run.name) == run
    assert len(office.settlements(run)) == 1


def test_fails_a_run_for_good_and_lets_it_be_started_again(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    with acting("operator", "finance_operator"):
        office.desk.allocate(month=MARCH, through_date=None)
        run = office.start(month=MARCH, kind=RunKind.FINAL)
    give_up = FailSettlementRun(unit_of_work=office.desk.work, runs=office.runs)
    assert give_up(run=run.name, failure="chunk 0: a test")
    office.work_off()
    failed = office.read(run.name)
    assert (failed.state, failed.failure) == (RunState.FAILED, "chunk 0: a test")
    assert not give_up(run=run.name, failure="again")
    assert office.settle(MARCH).name == "settlementRuns/2025-03-final-2"


def test_locks_a_run_while_another_chunk_writes_settlements_of_it(office: Office) -> None:
    run = office.calculate(MARCH)

    def lock() -> SettlementRun | None:
        with acting_as(SYSTEM), office.desk.work():
            current_connection().execute(text("SET LOCAL lock_timeout = '5s'"))
            return office.runs.find(run.name, lock=True)

    with office.desk.work():
        as_a_foreign_key_does = "SELECT name FROM settlement.settlement_runs FOR KEY SHARE"
        current_connection().execute(text(as_a_foreign_key_does))
        with ThreadPoolExecutor(1) as another_chunk:
            assert another_chunk.submit(lock).result() == run


def test_starting_again_supersedes_and_the_old_chunks_do_nothing(office: Office) -> None:
    with acting("operator", "finance_operator"):
        first = office.start(month=MARCH, kind=RunKind.FINAL)
        second = office.start(month=MARCH, kind=RunKind.FINAL)
        office.work_off()
    assert office.read(first.name).state is RunState.SUPERSEDED
    assert office.read(second.name).state is RunState.CALCULATED
    assert second.name == "settlementRuns/2025-03-final-2"


def test_refuses_to_post_when_allocations_changed_since(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    run = office.sign(office.calculate(MARCH))
    office.buy("m2", date(2025, 3, 4), 10, "74.80", PLANT)
    office.desk.allocate(month=MARCH, through_date=None)
    with acting("poster"), pytest.raises(DigestChanged):
        office.post(name=run.name)
    assert office.read(run.name).state is RunState.APPROVED
    assert office.settle(MARCH).name == "settlementRuns/2025-03-final-2"
    assert office.read(run.name).state is RunState.SUPERSEDED


def test_refuses_to_post_while_trades_are_newer_than_the_allocation(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    run = office.sign(office.calculate(MARCH))
    office.buy("m2", date(2025, 3, 4), 10, "74.80", PLANT)
    with acting("poster"), pytest.raises(TradesChanged, match="allocate the month again"):
        office.post(name=run.name)
    assert office.read(run.name).state is RunState.APPROVED
    assert office.settle(MARCH).name == "settlementRuns/2025-03-final-2"


def test_refuses_to_post_trades_of_a_month_that_had_none(office: Office) -> None:
    with acting("operator", "finance_operator"):
        started = office.start(month=MARCH, kind=RunKind.FINAL)
        office.work_off()
    run = office.sign(office.read(started.name))
    office.buy("m1", date(2025, 3, 4), 10, "74.80", PLANT)
    with acting("poster"), pytest.raises(TradesChanged):
        office.post(name=run.name)


def test_keeps_an_approved_run_that_can_still_be_posted(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    run = office.sign(office.calculate(MARCH))
    with acting("operator", "finance_operator"), pytest.raises(WrongState, match="one FINAL"):
        office.start(month=MARCH, kind=RunKind.FINAL)
    with acting("poster"):
        assert office.post(name=run.name).state is RunState.POSTED


def test_a_revision_posts_only_what_changed(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    office.settle(MARCH)
    office.buy("m2", date(2025, 3, 4), 10_000, "80.00", PLANT)
    with acting("closer"), pytest.raises(BlockingFindings):
        office.close(month=MARCH)
    revision = office.settle(MARCH, RunKind.REVISION)
    assert _rows(office, revision) == {"2025-03": (-5_000_000, -360_000, -4_640_000)}
    with acting("closer"):
        assert office.close(month=MARCH).books.state is MonthState.CLOSED


def test_a_second_revision_owes_nothing(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    office.settle(MARCH)
    revision = office.settle(MARCH, RunKind.REVISION)
    assert _rows(office, revision) == {"2025-03": (0, 0, 0)}


def test_blocks_approval_while_the_month_is_not_allocated(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    with acting("operator", "finance_operator"):
        run = office.start(month=MARCH, kind=RunKind.FINAL)
        office.work_off()
    found = office.read(run.name)
    assert [finding.reason for finding in found.findings] == ["TRADES_NOT_ALLOCATED"]
    with pytest.raises(BlockingFindings):
        office.sign(found)


def test_holds_back_a_draft_that_trades_would_fit(office: Office) -> None:
    draft_contract = contract(name=ContractName("contracts/a-draft"))
    with office.desk.work():
        PostgresContracts().add(draft_contract)
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    run = office.calculate(MARCH)
    assert [(f.severity, f.reason, f.subject) for f in run.findings] == [
        (Severity.SUBJECT_HELD, "APPROVAL_MISSING", "contracts/a-draft")
    ]


def test_closes_in_spite_of_a_finding_that_a_controller_waived(office: Office) -> None:
    with office.desk.work():
        PostgresContracts().add(contract(name=ContractName("contracts/a-draft")))
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    with pytest.raises(BlockingFindings, match="a-draft is a DRAFT"):
        office.settle_and_close(MARCH)
    finding = {"reason": "APPROVAL_MISSING", "subject": "contracts/a-draft"}
    with acting("controller"):
        with pytest.raises(NotFound):
            office.waive(month=MARCH, reason="ELSE", subject="x", justification="none")
        status = office.waive(month=MARCH, **finding, justification="never concluded")
        assert status.blockers == ()
        with pytest.raises(AlreadyExists):
            office.waive(month=MARCH, **finding, justification="again")
        assert office.close(month=MARCH).books.state is MonthState.CLOSED


def test_settles_months_in_order_and_never_a_closed_one(office: Office) -> None:
    with acting("operator", "finance_operator"):
        with pytest.raises(MonthOutOfOrder, match="cannot have a FINAL settlement run while"):
            office.start(month=APRIL, kind=RunKind.FINAL)
        office.start(month=APRIL, kind=RunKind.PROVISIONAL)
        with pytest.raises(WrongState):
            office.start(month=MARCH, kind=RunKind.REVISION)
    office.settle_and_close(MARCH)
    with acting("operator", "finance_operator"), pytest.raises(MonthClosed):
        office.start(month=MARCH, kind=RunKind.PROVISIONAL)


def test_a_provisional_run_is_looked_at_and_never_counts(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    run = office.calculate(MARCH, RunKind.PROVISIONAL)
    assert _rows(office, run) == {"2025-03": (1_200_000, 360_000, 840_000)}
    page = office.list_settlements(which=SettlementFilter(month=MARCH), page=PageRequest(10))
    assert page.items == ()


def test_a_customer_sees_its_own_settlements_once_they_are_posted(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    office.buy("m2", date(2025, 3, 3), 10, "74.80", OTHER)
    run = office.calculate(MARCH)
    plant = Principal("plant", frozenset({"customer"}), frozenset({PLANT.customer}))
    with acting_as(plant):
        assert office.settlements(run) == ()
    office.sign(run)
    office.post(name=run.name)
    with acting_as(plant):
        assert [s.contract for s in office.settlements(run)] == [PLANT.name]


def test_never_changes_a_settlement(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    office.settle(MARCH)
    for table in ("settlements", "settlement_rows", "settlement_run_approvals"):
        with office.desk.engine.begin() as app, pytest.raises(DBAPIError, match="permission"):
            app.execute(text(f"DELETE FROM settlement.{table}"))  # noqa: S608 - our own names


def test_tells_what_was_posted_by_month_of_origin(office: Office) -> None:
    office.buy("m1", date(2025, 3, 3), 60_000, "74.80", PLANT)
    office.settle_and_close(MARCH)
    with office.desk.work():
        [result] = PostgresSettlements().posted_results(through=MARCH)
        settled = PostgresContracts().settled()
    assert (result.contract, result.origin) == (PLANT.name, MARCH)
    assert (result.figure.gain, result.figure.share) == (1_200_000, 360_000)
    assert result.sources == ("settlements/2025-03-final-1-hanchuan-2025",)
    assert [each.name for each in settled] == [PLANT.name]


def test_sums_deliveries_under_the_price_that_was_promised_for_their_day(office: Office) -> None:
    prices = (
        PLANT.promised_prices[0],
        PromisedPrice(date(2025, 3, 15), Decimal("78.00")),
    )
    amended = replace(PLANT, name=ContractName("contracts/amended"), promised_prices=prices)
    with office.desk.work():
        PostgresContracts().add(amended)
        PostgresContracts().save(amended.approve(principal="checker", time=DRAFTED_AT))
    office.buy("before", date(2025, 3, 14), 1_000, "74.00", amended)
    office.buy("after", date(2025, 3, 17), 1_000, "74.00", amended)
    office.desk.allocate(month=MARCH, through_date=None)
    settle = SettleContracts(contracts=PostgresContracts(), source=PostgresSettlementSource())
    with office.desk.work():
        run = office.calculate(MARCH, RunKind.PROVISIONAL)
        [settled] = settle(run=run.name, month=MARCH, names=NameRange()).settlements
    assert settled.figure.promised == 7_500_000 + 7_800_000


def test_keeps_contracts_as_they_were_drafted_and_lists_them_by_name(office: Office) -> None:
    contracts = PostgresContracts()
    with office.desk.work():
        found = contracts.find(PLANT.name)
        page = contracts.list_contracts(ContractFilter(), PageRequest(1))
        rest = contracts.list_contracts(ContractFilter(), PageRequest(1, page.next_after))
        with pytest.raises(AlreadyExists):
            contracts.add(PLANT)
    assert found is not None
    assert (found.gain_share_tiers, found.promised_prices) == (
        PLANT.gain_share_tiers,
        PLANT.promised_prices,
    )
    assert [c.name for c in (*page.items, *rest.items)] == [PLANT.name, OTHER.name]
    assert rest.next_after is None


_POOL = """
    SELECT unit, sum(quantity)::bigint FROM ledger.postings
    WHERE ledger_account = 'ledgerAccounts/pool-inventory' GROUP BY unit ORDER BY unit
"""
