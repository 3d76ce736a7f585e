"""A margin split in two: what the market gave, and what the desk made.

``drift = Q x (K - T)``, rounded, and ``skill = G - drift`` for a purchase; signs reversed for a
sale. T is the market's average over the window to date, on the contract's tax basis. Fees that a
contract counts are a line of their own: ``G = drift + skill - fees``. A contract that is held
against a market average has no skill: all of its gain is drift.
"""

from dataclasses import dataclass
from decimal import Decimal

from services.kernel.instrument import GuaranteeSide
from services.kernel.money import Money, round_money, zero


@dataclass(frozen=True, slots=True)
class Margin:
    """One gain, split: ``drift + skill - fees == gain``, to the fen."""

    drift: Money
    skill: Money
    fees: Money

    @property
    def gain(self) -> Money:
        """The whole."""
        return self.drift + self.skill - self.fees

    def less(self, earlier: "Margin") -> "Margin":
        """Take away what was there before: from figures to date to those of a cycle."""
        return Margin(
            self.drift - earlier.drift, self.skill - earlier.skill, self.fees - earlier.fees
        )


NO_MARGIN = Margin(zero(), zero(), zero())


def split_margin(
    *,
    side: GuaranteeSide,
    tonnes: int,
    promised: Decimal,
    benchmark: Decimal,
    gain: Money,
    fees: Money,
) -> Margin:
    """Split a gain to date. ``promised`` is K x Q, ``benchmark`` is T; CNY, exact."""
    by_market = promised - benchmark * tonnes
    drift = round_money(by_market if side is GuaranteeSide.PURCHASE else -by_market)
    return Margin(drift, gain - drift + fees, fees)


def market_margin(*, gain: Money, fees: Money) -> Margin:
    """Split a gain against a market average: the desk has no part in it."""
    return Margin(gain + fees, zero(), fees)


def on_tax_basis(
    price: Decimal, *, price_inclusive: bool, wanted_inclusive: bool, rate: Decimal
) -> Decimal:
    """Bring a price to a contract's tax basis; not rounded."""
    if price_inclusive == wanted_inclusive:
        return price
    return price * (1 + rate) if wanted_inclusive else price / (1 + rate)
