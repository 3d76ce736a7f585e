"""A trade: one execution in the market, or one internal transfer between two owners.

A trade is never edited. A correction is a new version that names its reason; the version before
stays, and what a closed month made of it stays with it.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from services.kernel.digest import digest_of
from services.kernel.identifiers import RESOURCE_ID, ContractName, CustomerName, TradeName
from services.kernel.instrument import GuaranteeSide, Instrument
from services.kernel.money import Money, round_money, to_minor
from services.kernel.period import Month
from services.kernel.tonnes import Tonnes


class TradeMode(StrEnum):
    """How a trade came about: listed, block, auction, or an internal transfer."""

    LISTING = "LISTING"
    BLOCK = "BLOCK"
    AUCTION = "AUCTION"
    INTERNAL = "INTERNAL"


class TradeSide(StrEnum):
    """BUY: tonnes came in. SELL: tonnes went out. Seen from the owner of the tonnes."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def guarantee_side(self) -> GuaranteeSide:
        """The side of the contracts that such a trade can serve."""
        return GuaranteeSide.PURCHASE if self is TradeSide.BUY else GuaranteeSide.SALE


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeDraft:
    """A trade as somebody reports it, before any rule has looked at it.

    ``contract`` earmarks a trade of the market. ``buyer``, ``seller`` and their contracts belong to
    an internal transfer; an owner left out is the company's own pool. ``amount`` is given where
    the price is itself a rounded average; a price left out follows from the transfer rule.
    """

    external_id: str
    mode: TradeMode
    instrument: Instrument
    side: TradeSide | None
    trade_date: date
    tonnes: int
    unit_price: Decimal | None
    fees: Money
    tax_inclusive: bool
    venue: str = ""
    trader: str = ""
    amount: Money | None = None
    contract: ContractName | None = None
    buyer: CustomerName | None = None
    seller: CustomerName | None = None
    buyer_contract: ContractName | None = None
    seller_contract: ContractName | None = None

    @property
    def contracts(self) -> tuple[ContractName, ...]:
        """The contracts that it names."""
        named = (self.contract, self.buyer_contract, self.seller_contract)
        return tuple(name for name in named if name)

    @property
    def content(self) -> str:
        """One fingerprint of all that was said: a repeat is held against it."""
        return digest_of(
            [
                [self.mode.value, self.instrument.code, self.side and self.side.value],
                [self.trade_date.isoformat(), self.tonnes, _plain(self.unit_price)],
                [to_minor(self.fees), self.amount and to_minor(self.amount), self.tax_inclusive],
                [self.venue, self.trader, self.contract],
                [self.buyer, self.seller, self.buyer_contract, self.seller_contract],
            ]
        )


class Leg(NamedTuple):
    """One owner's side of a trade. Neither customer nor contract: the company's own pool."""

    side: TradeSide
    customer: CustomerName | None
    contract: ContractName | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A recorded trade in one version.

    ``side`` is None for an internal transfer, which has both. A market trade with a customer is an
    earmark: it was executed for that contract alone. ``amount`` excludes fees, is CNY, and never
    negative. ``content`` is the fingerprint of the draft.
    """

    name: TradeName
    external_id: str
    mode: TradeMode
    instrument: Instrument
    side: TradeSide | None
    trade_date: date
    tonnes: Tonnes
    unit_price: Decimal
    amount: Money
    fees: Money
    tax_inclusive: bool
    venue: str
    trader: str
    buyer: CustomerName | None
    seller: CustomerName | None
    buyer_contract: ContractName | None
    seller_contract: ContractName | None
    booking_month: Month
    content: str
    recorded_by: str
    recorded_at: datetime
    version: int = 1
    correction_reason: str = ""

    @property
    def etag(self) -> str:
        """Names this version."""
        return str(self.version)

    @property
    def contract(self) -> ContractName | None:
        """The contract that a trade of the market is earmarked to."""
        if self.side is None:
            return None
        return self.buyer_contract if self.side is TradeSide.BUY else self.seller_contract

    @property
    def origin_month(self) -> Month:
        """The month it belongs to by its trade date."""
        return Month.of(self.trade_date)

    @property
    def figures(self) -> tuple[int, Decimal, Money, Money]:
        """What a correction can change: tonnes, price, amount and fees."""
        return (self.tonnes, self.unit_price, self.amount, self.fees)

    def as_draft(self) -> TradeDraft:
        """Say again what this version says, to hold it against the rules."""
        internal = self.side is None
        return TradeDraft(
            external_id=self.external_id,
            venue=self.venue,
            mode=self.mode,
            instrument=self.instrument,
            side=self.side,
            trade_date=self.trade_date,
            tonnes=self.tonnes,
            unit_price=self.unit_price,
            amount=self.amount,
            fees=self.fees,
            tax_inclusive=self.tax_inclusive,
            trader=self.trader,
            contract=self.contract,
            buyer=self.buyer if internal else None,
            seller=self.seller if internal else None,
            buyer_contract=self.buyer_contract if internal else None,
            seller_contract=self.seller_contract if internal else None,
        )

    def legs(self) -> tuple[Leg, ...]:
        """Go through the owners' sides: one in the market, both of an internal transfer."""
        bought = Leg(TradeSide.BUY, self.buyer, self.buyer_contract)
        return legs_of(self.side, bought, Leg(TradeSide.SELL, self.seller, self.seller_contract))

    def correct(
        self,
        *,
        tonnes: Tonnes | None,
        unit_price: Decimal | None,
        amount: Money | None,
        fees: Money | None,
        reason: str,
    ) -> "Trade":
        """Build the next version. An amount not given is kept unless tonnes or price change."""
        right_tonnes = self.tonnes if tonnes is None else tonnes
        right_price = self.unit_price if unit_price is None else unit_price
        changes_amount = tonnes is not None or unit_price is not None
        kept = amount_of(right_tonnes, right_price) if changes_amount else self.amount
        return replace(
            self,
            version=self.version + 1,
            tonnes=right_tonnes,
            unit_price=right_price,
            amount=kept if amount is None else amount,
            fees=self.fees if fees is None else fees,
            correction_reason=reason,
        )


def legs_of(side: TradeSide | None, bought: Leg, sold: Leg) -> tuple[Leg, ...]:
    """Choose the legs that a trade has: both without a side, which is an internal transfer's."""
    if side is None:
        return (bought, sold)
    return (bought,) if side is TradeSide.BUY else (sold,)


def trade_name(external_id: str) -> TradeName:
    """Derive the name: the external id where it is a resource id, else a fingerprint of it."""
    if RESOURCE_ID.fullmatch(external_id):
        return TradeName(f"trades/{external_id}")
    return TradeName(f"trades/t-{hashlib.sha256(external_id.encode()).hexdigest()[:24]}")


def amount_of(tonnes: int, unit_price: Decimal) -> Money:
    """Compute ``round(tonnes x unit_price)``, CNY."""
    return round_money(tonnes * unit_price)


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"
