"""CorrectTrade: replace a trade by a new version that says why."""

from dataclasses import dataclass, replace
from decimal import Decimal

from services.kernel.authority import CurrentPrincipal
from services.kernel.clock import Clock, shanghai_day
from services.kernel.errors import EtagChanged, FieldViolation, InvalidInput
from services.kernel.identifiers import TradeName
from services.kernel.money import Money
from services.kernel.period import Month
from services.kernel.tonnes import Tonnes
from services.kernel.unit_of_work import UnitOfWork
from services.settlement.application.record_trades import FIRST_MONTH
from services.settlement.application.trade_ports import (
    BookingMonths,
    ContractsInForce,
    MarketDays,
    Trades,
)
from services.settlement.domain.market_rules import MarketRules
from services.settlement.domain.remark import Remark
from services.settlement.domain.trade import Trade
from services.settlement.domain.trade_checks import DayFacts, cancellation_rejections, rejections
from services.settlement.domain.trade_refusal import refuse
from services.settlement.domain.volumes import Volumes


class NothingCorrected(InvalidInput):
    """The correction says what the trade says already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is to be different; None stays as it is. Zero tonnes cancel the trade."""

    tonnes: Tonnes | None = None
    unit_price: Decimal | None = None
    amount: Money | None = None
    fees: Money | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectTrade:
    """Writes the next version; what a closed month allocated stays, the difference comes later."""

    unit_of_work: UnitOfWork
    trades: Trades
    contracts: ContractsInForce
    market: MarketDays
    booking_months: BookingMonths
    rules: MarketRules
    clock: Clock
    principal: CurrentPrincipal

    def __call__(self, *, name: TradeName, etag: str, correction: Correction) -> Trade:
        """Correct the newest version, which the etag must name if one is given.

        Raises:
            NotFound, EtagChanged, NothingCorrected, InvalidTrade, VolumeExceeded, PriceMissing.
        """
        with self.unit_of_work():
            self.trades.lock()
            trade = self.trades.get(name)
            if etag and etag != trade.etag:
                raise EtagChanged(resource=name, given=etag, current=trade.etag)
            corrected = self._corrected(trade, correction)
            self._check(trade, corrected)
            self.trades.add_all([corrected])
            return corrected

    def _corrected(self, trade: Trade, correction: Correction) -> Trade:
        corrected = trade.correct(
            tonnes=correction.tonnes,
            unit_price=correction.unit_price,
            amount=correction.amount,
            fees=correction.fees,
            reason=correction.reason,
        )
        if trade.figures == corrected.figures:
            wrong = f"{trade.name} has these tonnes, price, amount and fees already"
            raise NothingCorrected(wrong, violations=(FieldViolation("tonnes", wrong),))
        return replace(
            corrected,
            booking_month=max(trade.booking_month, self._booking_month(trade)),
            recorded_by=self.principal().subject,
            recorded_at=self.clock.now(),
        )

    def _booking_month(self, trade: Trade) -> Month:
        return self.booking_months(month=trade.origin_month)

    def _check(self, trade: Trade, corrected: Trade) -> None:
        """Hold the new version against the same rules as a new trade, and its contracts."""
        facts = DayFacts(
            today=shanghai_day(corrected.recorded_at),
            market=self.market({(trade.instrument, trade.trade_date)})[
                trade.instrument, trade.trade_date
            ],
            rule=self.rules.on(trade.instrument.kind, trade.trade_date),
        )
        draft = corrected.as_draft()
        found = rejections(draft, facts=facts) if draft.tonnes else cancellation_rejections(draft)
        wrong = [*found, *self._volume(trade, corrected.tonnes - trade.tonnes)]
        if wrong:
            refuse(wrong, subject=trade.name)

    def _volume(self, trade: Trade, added: int) -> list[Remark]:
        named = {leg.contract for leg in trade.legs() if leg.contract}
        if added <= 0 or not named:
            return []
        month = Month.of(shanghai_day(self.clock.now()))
        mine = self.contracts.concerned(names=named, customers=(), month=month)
        first_open = self.booking_months(month=FIRST_MONTH)
        volumes = Volumes(mine, taken=self.trades.committed(named, before=first_open))
        return [
            Remark(
                "tonnes",
                "VOLUME_EXCEEDED",
                f"{added} t more exceed the {volumes.remaining(each.name)} t of {each.name}",
            )
            for each in mine
            if added > volumes.remaining(each.name)
        ]
