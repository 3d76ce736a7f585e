"""A settlement office: the verbs of runs and months on a real database, beside a trading desk."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine

from services.kernel.authority import EVERY_CUSTOMER, Principal
from services.kernel.finding import Finding
from services.kernel.identifiers import RunName
from services.kernel.money import money
from services.kernel.page import PageRequest
from services.kernel.period import Month
from services.ledger.application.close_month_books import CloseMonthBooks
from services.ledger.application.compare_books import CompareBooks
from services.ledger.application.get_month_books import GetMonthBooks
from services.ledger.application.list_month_books import ListMonthBooks
from services.ledger.application.lock_month_books import LockMonthBooks
from services.ledger.application.post_entries import PostEntries
from services.ledger.persistence.entries import PostgresEntries
from services.ledger.persistence.months import PostgresMonths
from services.runtime.unit_of_work import acting_as, current_principal
from services.settlement.application.approve_settlement_run import ApproveSettlementRun
from services.settlement.application.check_month import CheckMonth
from services.settlement.application.close_month import CloseMonth
from services.settlement.application.get_month import GetMonth
from services.settlement.application.list_settlements import ListSettlements
from services.settlement.application.post_settlement_run import PostSettlementRun
from services.settlement.application.recompute_run import RecomputeRun
from services.settlement.application.review_settlement_run import ReviewSettlementRun
from services.settlement.application.settle_chunk import SettleChunk
from services.settlement.application.settlement_ports import SettlementFilter
from services.settlement.application.start_settlement_run import StartSettlementRun
from services.settlement.application.waive_finding import WaiveFinding
from services.settlement.domain.contract import Contract
from services.settlement.domain.month_close import MonthStatus
from services.settlement.domain.run import RunKind, SettlementRun
from services.settlement.domain.settlement import Settlement
from services.settlement.domain.trade import TradeDraft, TradeMode
from services.settlement.persistence.contracts import PostgresContracts
from services.settlement.persistence.settlement_runs import PostgresSettlementRuns
from services.settlement.persistence.settlement_source import PostgresSettlementSource
from services.settlement.persistence.settlements import PostgresSettlements
from services.settlement.persistence.waivers import PostgresWaivers
from tests.builders.trades import draft
from tests.support.trading_desk import Desk, open_desk


def acting(subject: str, role: str = "finance_controller") -> AbstractContextManager[None]:
    """Act as a person of the carbon company."""
    return acting_as(Principal(subject, frozenset({role}), frozenset({EVERY_CUSTOMER})))


class SteppingClock:
    """Moves on by a second each time it is asked."""

    def __init__(self) -> None:
        self._now = datetime(2025, 7, 1, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


@dataclass(slots=True)
class ChunksAtHand:
    """Keeps deferred chunks until somebody works on them."""

    deferred: list[tuple[RunName, int]] = field(default_factory=list)

    def settle_chunk(self, *, run: RunName, chunk: int) -> None:
        self.deferred.append((run, chunk))


@dataclass(slots=True)
class BillingDone:
    """Answers for billing: what a test puts here stands in the way."""

    obstacles: tuple[Finding, ...] = ()

    def __call__(self, *, month: Month) -> tuple[Finding, ...]:  # noqa: ARG002 - the port's
        return self.obstacles


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The verbs of settlement, joined to the database of a desk."""

    desk: Desk
    runs: PostgresSettlementRuns
    queue: ChunksAtHand
    billing: BillingDone
    start: StartSettlementRun
    settle_chunk: SettleChunk
    review: ReviewSettlementRun
    approve: ApproveSettlementRun
    post: PostSettlementRun
    list_settlements: ListSettlements
    get_month: GetMonth
    waive: WaiveFinding
    close: CloseMonth

    def buy(self, key: str, day: date, tonnes: int, price: str, contract: Contract) -> None:
        """Record a trade made for one contract alone."""
        with acting("trader", "trader"):
            [row] = self.desk.report(_bought(key, day, tonnes, price, contract))
        assert row.trade is not None, row.rejections

    def calculate(self, month: Month, kind: RunKind = RunKind.FINAL) -> SettlementRun:
        """Allocate the month, start a run and work off its chunks."""
        with acting("operator", "finance_operator"):
            self.desk.allocate(month=month, through_date=None)
            run = self.start(month=month, kind=kind)
            self.work_off()
        return self.read(run.name)

    def work_off(self) -> None:
        """Settle the chunks that were deferred."""
        deferred, self.queue.deferred = self.queue.deferred, []
        for run, chunk in deferred:
            self.settle_chunk(run=run, chunk=chunk)

    def sign(self, run: SettlementRun) -> SettlementRun:
        """Have a run reviewed and approved by two people, and a director where one is needed."""
        with acting("reviewer"):
            self.review(name=run.name)
        with acting("approver"):
            signed = self.approve(name=run.name, digest=run.digest)
        if signed.awaiting_role:
            with acting("director", "finance_director"):
                signed = self.approve(name=run.name, digest=run.digest)
        return signed

    def settle(self, month: Month, kind: RunKind = RunKind.FINAL) -> SettlementRun:
        """Calculate, sign and post a month."""
        run = self.sign(self.calculate(month, kind))
        with acting("poster"):
            return self.post(name=run.name)

    def settle_and_close(self, month: Month) -> MonthStatus:
        """Settle a month and close it."""
        self.settle(month)
        with acting("closer"):
            return self.close(month=month)

    def read(self, name: RunName) -> SettlementRun:
        """Read a run."""
        with self.desk.work():
            run = self.runs.find(name)
        assert run is not None
        return run

    def settlements(self, run: SettlementRun) -> tuple[Settlement, ...]:
        """Read the settlements of a run."""
        page = self.list_settlements(which=SettlementFilter(run=run.name), page=PageRequest(100))
        return tuple(view.settlement for view in page.items)


def open_office(engine: Engine, contracts: Sequence[Contract]) -> Office:
    """Join the verbs; the books are open with March 2025, the contracts approved."""
    desk, clock, queue = open_desk(engine, contracts), SteppingClock(), ChunksAtHand()
    work, runs, principal = desk.work, PostgresSettlementRuns(), current_principal
    billing = BillingDone()
    check = _check_month(desk, billing)
    months = PostgresMonths()
    books = GetMonthBooks(unit_of_work=work, months=months)
    get_month = GetMonth(unit_of_work=work, month_books=books, check_month=check)
    close_books = CloseMonthBooks(
        unit_of_work=work, months=months, clock=clock, principal=principal
    )
    return Office(
        desk=desk,
        runs=runs,
        queue=queue,
        billing=billing,
        start=_start(desk, queue, clock),
        settle_chunk=_settle_chunk(desk),
        review=ReviewSettlementRun(unit_of_work=work, runs=runs, clock=clock, principal=principal),
        approve=ApproveSettlementRun(
            unit_of_work=work, runs=runs, clock=clock, principal=principal
        ),
        post=_post(desk, clock),
        list_settlements=ListSettlements(
            unit_of_work=work, settlements=PostgresSettlements(), principal=principal
        ),
        get_month=get_month,
        waive=_waive(get_month, clock),
        close=CloseMonth(
            unit_of_work=work,
            month_books=books,
            lock_month=LockMonthBooks(unit_of_work=work, months=months),
            close_books=close_books,
            check_month=check,
        ),
    )


def _start(desk: Desk, queue: ChunksAtHand, clock: SteppingClock) -> StartSettlementRun:
    return StartSettlementRun(
        unit_of_work=desk.work,
        runs=PostgresSettlementRuns(),
        source=PostgresSettlementSource(),
        recompute=_recompute(),
        month_books=ListMonthBooks(unit_of_work=desk.work, months=PostgresMonths()),
        queue=queue,
        clock=clock,
        principal=current_principal,
    )


def _settle_chunk(desk: Desk) -> SettleChunk:
    return SettleChunk(
        unit_of_work=desk.work,
        runs=PostgresSettlementRuns(),
        settlements=PostgresSettlements(),
        contracts=PostgresContracts(),
        source=PostgresSettlementSource(),
        trades=desk.check,
    )


def _post(desk: Desk, clock: SteppingClock) -> PostSettlementRun:
    return PostSettlementRun(
        unit_of_work=desk.work,
        runs=PostgresSettlementRuns(),
        settlements=PostgresSettlements(),
        source=PostgresSettlementSource(),
        trades=desk.check,
        recompute=_recompute(),
        post_entries=PostEntries(
            unit_of_work=desk.work,
            entries=PostgresEntries(),
            months=PostgresMonths(),
            clock=clock,
        ),
        clock=clock,
    )


def _waive(get_month: GetMonth, clock: SteppingClock) -> WaiveFinding:
    return WaiveFinding(
        unit_of_work=get_month.unit_of_work,
        get_month=get_month,
        waivers=PostgresWaivers(),
        clock=clock,
        principal=current_principal,
    )


def _recompute() -> RecomputeRun:
    return RecomputeRun(
        runs=PostgresSettlementRuns(),
        contracts=PostgresContracts(),
        source=PostgresSettlementSource(),
    )


def _check_month(desk: Desk, billing: BillingDone) -> CheckMonth:
    return CheckMonth(
        unit_of_work=desk.work,
        runs=PostgresSettlementRuns(),
        contracts=PostgresContracts(),
        source=PostgresSettlementSource(),
        trades=desk.check,
        billing=billing,
        month_books=ListMonthBooks(unit_of_work=desk.work, months=PostgresMonths()),
        compare_books=CompareBooks(unit_of_work=desk.work, entries=PostgresEntries()),
        waivers=PostgresWaivers(),
    )


def _bought(key: str, day: date, tonnes: int, price: str, contract: Contract) -> TradeDraft:
    amount = money(tonnes * Decimal(price))
    return draft(
        external_id=key,
        mode=TradeMode.AUCTION,
        trade_date=day,
        tonnes=tonnes,
        unit_price=Decimal(price),
        amount=amount,
        contract=contract.name,
    )
