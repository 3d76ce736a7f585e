"""An open contract as far as its value goes: what is promised, delivered and left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.instrument import InstrumentKind
from services.kernel.period import Period
from services.pricing.domain.guarantee.promise import PromiseTerms


@dataclass(frozen=True, slots=True, order=True)
class PromisedFrom:
    """The price promised for what is delivered from a day on; CNY per tonne."""

    effective_date: date
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPosition:
    """A contract whose window has not ended, in its own tax basis.

    ``delivered_tonnes`` were delivered up to the valuation date, for ``delivered_amount`` CNY as
    the contract counts it (with or without fees), against ``promised_amount`` CNY. Market prices
    have the tax in them; ``tax_rate`` is what is taken out for a contract without, else zero.
    """

    contract: ContractName
    customer: CustomerName
    kind: InstrumentKind
    terms: PromiseTerms
    window: Period
    volume_tonnes: int
    promised_prices: tuple[PromisedFrom, ...]
    delivered_tonnes: int = 0
    delivered_amount: Decimal = Decimal(0)
    promised_amount: Decimal = Decimal(0)
    tax_rate: Decimal = Decimal(0)

    @property
    def remaining_tonnes(self) -> int:
        """Count the tonnes promised and not delivered; never below zero."""
        return max(0, self.volume_tonnes - self.delivered_tonnes)

    def price_over(self, days: Sequence[date]) -> Decimal:
        """The mean price promised for the same tonnes on each of some days; none: the last price.

        Before the first price's day the first holds.
        """
        prices = sorted(self.promised_prices)
        if len(prices) == 1 or not days:
            return prices[-1].price
        total = Decimal(0)
        for day in days:
            past = [each.price for each in prices if each.effective_date <= day]
            total += past[-1] if past else prices[0].price
        return total / len(days)
