"""A contract: a price promised to one customer for some instruments, a volume and a window.

A promised price may change from a day on; what was delivered before keeps its own. Anything else
that changes is a new contract.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from services.kernel.authority import MakerIsChecker
from services.kernel.errors import WrongState
from services.kernel.gain_share import GainShareTier
from services.kernel.identifiers import ContractName, CustomerName, PriceSeriesName
from services.kernel.instrument import GuaranteeSide, Instrument
from services.kernel.period import Period
from services.kernel.tonnes import Tonnes


class ContractState(StrEnum):
    """DRAFT: not in force. APPROVED: trades may be allocated. TERMINATED: none may any more."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    TERMINATED = "TERMINATED"


class PriceBasis(StrEnum):
    """Against what the promise is held: the contract's own trades, or a market average."""

    EXECUTED = "EXECUTED"
    MARKET_VWAP = "MARKET_VWAP"
    MARKET_TWAP = "MARKET_TWAP"


class Title(StrEnum):
    """AGENT: trades run in the customer's account. PRINCIPAL: the house buys and resells."""

    AGENT = "AGENT"
    PRINCIPAL = "PRINCIPAL"


class TaxTreatment(StrEnum):
    """Whether difference and share are themselves taxed."""

    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    TAXABLE = "TAXABLE"


class ShareTiming(StrEnum):
    """MONTHLY: the share moves each month. AT_MATURITY: once, in the window's last month."""

    MONTHLY = "MONTHLY"
    AT_MATURITY = "AT_MATURITY"


class Undelivered(StrEnum):
    """What becomes of tonnes never traded: nothing, or a settlement at a reference price."""

    EXECUTED_ONLY = "EXECUTED_ONLY"
    AT_REFERENCE = "AT_REFERENCE"


@dataclass(frozen=True, slots=True, order=True)
class PromisedPrice:
    """The price promised from ``effective_date`` on; CNY per tonne in the contract's tax basis."""

    effective_date: date
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A guarantee for one customer.

    ``promised_prices`` are in date order, the first from the window's start. ``tax_rate`` also
    converts trades of the other tax basis. ``loss_cap_per_tonne``: the most that the house bears,
    CNY per tonne; None is no cap. ``quote`` names the quote it was concluded on, or is empty.
    """

    name: ContractName
    customer: CustomerName
    side: GuaranteeSide
    instruments: tuple[Instrument, ...]
    delivery_window: Period
    volume_tonnes: Tonnes
    promised_prices: tuple[PromisedPrice, ...]
    gain_share_tiers: tuple[GainShareTier, ...] = ()
    price_basis: PriceBasis = PriceBasis.EXECUTED
    price_series: PriceSeriesName | None = None
    fees_included: bool = False
    title: Title = Title.AGENT
    tax_inclusive: bool = True
    tax_treatment: TaxTreatment = TaxTreatment.OUT_OF_SCOPE
    tax_rate: Decimal | None = None
    share_timing: ShareTiming = ShareTiming.MONTHLY
    undelivered: Undelivered = Undelivered.EXECUTED_ONLY
    reference_days: int | None = None
    reference_series: PriceSeriesName | None = None
    loss_cap_per_tonne: Decimal | None = None
    quote: str = ""
    state: ContractState = ContractState.DRAFT
    drafted_by: str = ""
    drafted_at: datetime | None = None
    approved_by: str = ""
    approved_at: datetime | None = None

    @property
    def is_purchase(self) -> bool:
        """Tell whether a price to buy at is promised."""
        return self.side is GuaranteeSide.PURCHASE

    @property
    def etag(self) -> str:
        """Name its present state; a change of state or of promised prices changes it."""
        return f"{self.state.value.lower()}-{len(self.promised_prices)}"

    @property
    def promised_price(self) -> Decimal:
        """The price promised at the start of the window."""
        return self.promised_prices[0].price

    def promised_price_on(self, day: date) -> Decimal:
        """Find the price promised for a trade of a day; before the first, the first."""
        return price_on(self.promised_prices, day)

    def covers(self, *, instrument: Instrument, side: GuaranteeSide, day: date) -> bool:
        """Tell whether a trade of that day may be allocated to it, volume aside."""
        return self.state is ContractState.APPROVED and self.would_cover(
            instrument=instrument, side=side, day=day
        )

    def would_cover(self, *, instrument: Instrument, side: GuaranteeSide, day: date) -> bool:
        """Tell whether a trade of that day fits its terms, in force or not."""
        return self.side is side and day in self.delivery_window and instrument in self.instruments

    def approve(self, *, principal: str, time: datetime) -> "Contract":
        """Put a draft in force, by another person than the one who drafted it.

        Raises:
            WrongState, MakerIsChecker.
        """
        if self.state is not ContractState.DRAFT:
            raise WrongState(
                f"{self.name} is {self.state}; only a DRAFT can be approved",
                subject=self.name,
                metadata={"state": self.state.value},
            )
        if principal == self.drafted_by:
            raise MakerIsChecker(
                f"{principal} drafted {self.name}; another person must approve it",
                subject=self.name,
            )
        return replace(self, state=ContractState.APPROVED, approved_by=principal, approved_at=time)


def price_on(prices: Sequence[PromisedPrice], day: date) -> Decimal:
    """Find the price in force on a day among prices in date order; before the first, the first."""
    price = prices[0].price
    for promised in prices:
        if promised.effective_date > day:
            break
        price = promised.price
    return price
