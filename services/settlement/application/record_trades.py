"""RecordTrades: take in a batch of trades, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock, shanghai_day
from services.kernel.period import Month
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.trade_ports import (
    BookingMonths,
    ContractsInForce,
    KnownCustomers,
    MarketDays,
    Trades,
)
from services.settlement.domain.market_rules import MarketRules
from services.settlement.domain.remark import Remark
from services.settlement.domain.trade import Trade, TradeDraft
from services.settlement.domain.trade_checks import DayFacts, rejections, warnings
from services.settlement.domain.trade_contracts import Placements
from services.settlement.domain.trade_recording import Recording, record

FIRST_MONTH = Month(1990, 1)
"""Before all books: the month that takes what belongs to it is the first open one."""


class RowOutcome(StrEnum):
    """What became of a row: recorded now, recorded earlier with the same content, or refused."""

    RECORDED = "RECORDED"
    ALREADY_RECORDED = "ALREADY_RECORDED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """One row of a batch: what became of it, the trade where it is in, and what was remarked."""

    draft: TradeDraft
    outcome: RowOutcome
    trade: Trade | None = None
    rejections: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTrades:
    """Records trades; rows that a rule refuses are named, the others enter together."""

    unit_of_work: UnitOfWork
    trades: Trades
    contracts: ContractsInForce
    customers: KnownCustomers
    market: MarketDays
    booking_months: BookingMonths
    rules: MarketRules
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, drafts: Sequence[TradeDraft]) -> tuple[RecordedRow, ...]:
        """Record a batch; one result per row, in order.

        Raises:
            BooksNotOpen: no month was ever opened.
        """
        with self.unit_of_work():
            self.trades.lock()
            batch = _Batch(self, drafts)
            rows = tuple(batch.take(draft) for draft in drafts)
            self.trades.add_all(
                [row.trade for row in rows if row.trade and row.outcome is RowOutcome.RECORDED]
            )
            return rows


class _Batch:
    """One batch: everything that its rows are held against, read once."""

    def __init__(self, verb: RecordTrades, drafts: Sequence[TradeDraft]) -> None:
        self._verb = verb
        self._now = verb.clock.now()
        self._market = verb.market({(draft.instrument, draft.trade_date) for draft in drafts})
        self._known = dict(verb.trades.known({draft.external_id for draft in drafts}))
        self._placements = self._read_contracts(drafts)
        self._booking_months: dict[Month, Month] = {}

    def take(self, draft: TradeDraft) -> RecordedRow:
        known = self._known.get(draft.external_id)
        if known is not None:
            return _repeated(draft, known)
        facts = DayFacts(
            today=shanghai_day(self._now),
            market=self._market[draft.instrument, draft.trade_date],
            rule=self._verb.rules.on(draft.instrument.kind, draft.trade_date),
        )
        wrong = rejections(draft, facts=facts)
        placed = None if wrong else self._placements.place(draft)
        if placed is None or placed.rejections:
            refused = wrong if placed is None else placed.rejections
            return RecordedRow(draft, RowOutcome.REJECTED, rejections=refused)
        recording = Recording(
            legs=placed.legs,
            unit_price=_price(draft, facts),
            booking_month=self._booking_month(draft),
            recorded_by=self._verb.principal().subject,
            recorded_at=self._now,
        )
        trade = record(draft, recording)
        self._known[draft.external_id] = trade
        return RecordedRow(draft, RowOutcome.RECORDED, trade, warnings=warnings(draft, facts=facts))

    def _booking_month(self, draft: TradeDraft) -> Month:
        month = Month.of(draft.trade_date)
        if month not in self._booking_months:
            self._booking_months[month] = self._verb.booking_months(month=month)
        return self._booking_months[month]

    def _read_contracts(self, drafts: Sequence[TradeDraft]) -> Placements:
        """Read the contracts that rows can be of, and what they have left."""
        verb = self._verb
        customers = {name for draft in drafts for name in (draft.buyer, draft.seller) if name}
        names = {name for draft in drafts for name in draft.contracts}
        if not customers and not names:
            return Placements({}, taken={}, customers=frozenset())
        this_month = Month.of(shanghai_day(self._now))
        found = verb.contracts.concerned(names=names, customers=customers, month=this_month)
        contracts = {contract.name: contract for contract in found}
        first_open = verb.booking_months(month=FIRST_MONTH)
        return Placements(
            contracts,
            taken=verb.trades.committed(contracts.keys(), before=first_open),
            customers=verb.customers(customers),
        )


def _price(draft: TradeDraft, facts: DayFacts) -> Decimal:
    if draft.unit_price:
        return draft.unit_price
    if facts.market.transfer is None:
        raise AssertionError("a trade without a price passed its checks")
    return facts.market.transfer.price


def _repeated(draft: TradeDraft, known: Trade) -> RecordedRow:
    if known.content == draft.content:
        return RecordedRow(draft, RowOutcome.ALREADY_RECORDED, known)
    wrong = f"{draft.external_id} is {known.name} already, with other content; correct it there"
    remark = Remark("external_id", "EXTERNAL_ID_REUSED", wrong)
    return RecordedRow(draft, RowOutcome.REJECTED, rejections=(remark,))
