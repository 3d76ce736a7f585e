"""Turning a reported trade that passed its checks into a recorded one."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from services.kernel.period import Month
from services.kernel.tonnes import Tonnes
from services.settlement.domain.trade import (
    Leg,
    Trade,
    TradeDraft,
    TradeSide,
    amount_of,
    trade_name,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What the recorder adds: owners, the price in force, the month of the books, who and when."""

    legs: tuple[Leg, ...]
    unit_price: Decimal
    booking_month: Month
    recorded_by: str
    recorded_at: datetime


def record(draft: TradeDraft, recording: Recording) -> Trade:
    """Build the first version of a trade."""
    legs = {leg.side: leg for leg in recording.legs}
    buyer, seller = legs.get(TradeSide.BUY), legs.get(TradeSide.SELL)
    computed = amount_of(draft.tonnes, recording.unit_price)
    return Trade(
        name=trade_name(draft.external_id),
        external_id=draft.external_id,
        mode=draft.mode,
        instrument=draft.instrument,
        side=draft.side,
        trade_date=draft.trade_date,
        tonnes=Tonnes(draft.tonnes),
        unit_price=recording.unit_price,
        amount=computed if draft.amount is None else draft.amount,
        fees=draft.fees,
        tax_inclusive=draft.tax_inclusive,
        venue=draft.venue,
        trader=draft.trader,
        buyer=buyer.customer if buyer else None,
        seller=seller.customer if seller else None,
        buyer_contract=buyer.contract if buyer else None,
        seller_contract=seller.contract if seller else None,
        booking_month=recording.booking_month,
        content=draft.content,
        recorded_by=recording.recorded_by,
        recorded_at=recording.recorded_at,
    )
