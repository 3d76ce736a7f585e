"""What a guarantee owes to date, exact to the fen.

Everything is counted in whole numbers: money in fen, prices, shares and rates in millionths. So
nothing is rounded but at the declared points: the promised amount per price, the share, the
relief, the reference amount. Source: docs/reference/settlements.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import add, sub
from typing import NamedTuple

from services.kernel.gain_share import GainShareTier
from services.kernel.instrument import GuaranteeSide
from services.kernel.money import round_quotient
from services.kernel.period import Month

RULE_VERSION = "settlement-1"
"""Names the rule of this module on every figure. Another rule gets another name."""

MILLION = 10**6
_MICRO_CNY_PER_FEN = 10**4
_SHARED_PER_FEN = _MICRO_CNY_PER_FEN * MILLION


@dataclass(frozen=True, slots=True)
class Band:
    """A gain share tier in millionths: its end, CNY per tonne (None: no end), and its share."""

    end: int | None
    share: int


@dataclass(frozen=True, slots=True)
class Reference:
    """The price at which undelivered tonnes of ``volume_tonnes`` count; in millionths of CNY."""

    price: int
    volume_tonnes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeTerms:
    """What is promised. ``prices`` are the promised ones in order, in millionths of CNY per tonne.

    ``maturity`` is the month that holds the window's last day. ``loss_cap`` is in millionths of CNY
    per tonne; None is no cap. ``reference``: undelivered tonnes count from the maturity on.
    """

    side: GuaranteeSide
    prices: tuple[int, ...]
    bands: tuple[Band, ...]
    fees_included: bool
    loss_cap: int | None
    share_at_maturity: bool
    maturity: Month
    reference: Reference | None = None


class Delivery(NamedTuple):
    """Tonnes under one promised price (its index), what they cost or brought, and fees; in fen."""

    price: int
    tonnes: int
    amount: int
    fees: int


class MonthOfOrigin(NamedTuple):
    """What trades dated in one month delivered."""

    month: Month
    deliveries: tuple[Delivery, ...]


class Figure(NamedTuple):
    """Where a guarantee stands after a month, cumulative over the window; or what a month moves.

    Money in fen. ``amount`` is cost or proceeds with ``fees`` if they count (else fees are 0).
    ``gain`` above zero is the house's. ``accrued`` is the share earned and not payable yet.
    A named tuple, as a run makes several per contract and month.
    """

    tonnes: int
    amount: int
    fees: int
    promised: int
    gain: int
    share: int
    relief: int
    accrued: int

    @property
    def house(self) -> int:
        """What the house keeps, or bears when negative; a sum, never rounded by itself."""
        return self.gain + self.relief - self.share

    def less(self, other: "Figure") -> "Figure":
        """Take away what was there before."""
        return Figure(*map(sub, self, other))

    def plus(self, other: "Figure") -> "Figure":
        """Add what another moves."""
        return Figure(*map(add, self, other))


NOTHING = Figure(0, 0, 0, 0, 0, 0, 0, 0)


def millionths(value: Decimal) -> int:
    """Count the millionths of a price, a share or a rate; exact for at most six decimals."""
    return int(value.scaleb(6))


def bands_of(tiers: Iterable[GainShareTier]) -> tuple[Band, ...]:
    """Count the tiers of a gain share in millionths."""
    return tuple(
        Band(
            None if tier.up_to_gain_per_tonne is None else millionths(tier.up_to_gain_per_tonne),
            millionths(tier.customer_share),
        )
        for tier in tiers
    )


def figures_to_date(terms: GuaranteeTerms, months: Sequence[MonthOfOrigin]) -> list[Figure]:
    """Compute the figure after each month; ``months`` are in order, each once."""
    delivered, amount, fees = [0] * len(terms.prices), 0, 0
    figures: list[Figure] = []
    for origin in months:
        for delivery in origin.deliveries:
            delivered[delivery.price] += delivery.tonnes
            amount += delivery.amount
            fees += delivery.fees
        counted = fees if terms.fees_included else 0
        mature = origin.month >= terms.maturity
        figures.append(_figure(terms, delivered, amount, fees=counted, mature=mature))
    return figures


def undelivered_tonnes(reference: Reference, delivered: int) -> int:
    """Count the tonnes that settle at the reference price."""
    return max(0, reference.volume_tonnes - delivered)


def reference_amount(reference: Reference, delivered: int) -> int:
    """Price the undelivered tonnes: ``round(R_ref x undelivered)``, in fen."""
    return round_quotient(
        reference.price * undelivered_tonnes(reference, delivered), _MICRO_CNY_PER_FEN
    )


def promised_amount(prices: Sequence[int], tonnes: Sequence[int]) -> int:
    """Compute ``sum round(K_v x Q_v)`` over the promised prices, in fen."""
    return sum(
        round_quotient(price * count, _MICRO_CNY_PER_FEN)
        for price, count in zip(prices, tonnes, strict=True)
    )


def share_of(gain: int, *, tonnes: int, bands: Sequence[Band]) -> int:
    """Compute the customer's share of a gain to date: ``round(sum s_j x part of G in tier j)``."""
    left, below, shared = gain * _MICRO_CNY_PER_FEN, 0, 0
    for band in bands:
        upper = left if band.end is None else min(left, band.end * tonnes)
        if upper <= below:
            break
        shared += band.share * (upper - below)
        below = upper
    return round_quotient(shared, _SHARED_PER_FEN)


def relief_of(gain: int, *, tonnes: int, loss_cap: int | None) -> int:
    """Compute what a loss cap moves to the customer: ``max(G, -round(L x Q)) - G``."""
    if loss_cap is None:
        return 0
    return max(gain, -round_quotient(loss_cap * tonnes, _MICRO_CNY_PER_FEN)) - gain


def _figure(
    terms: GuaranteeTerms, delivered: Sequence[int], amount: int, *, fees: int, mature: bool
) -> Figure:
    tonnes, sign = sum(delivered), _sign(terms.side)
    amount += sign * fees
    promised = promised_amount(terms.prices, delivered)
    if mature and terms.reference is not None:
        rest = undelivered_tonnes(terms.reference, tonnes)
        amount += reference_amount(terms.reference, tonnes)
        promised = promised_amount(terms.prices, (*delivered[:-1], delivered[-1] + rest))
        tonnes += rest
    gain = sign * (promised - amount)
    share = share_of(gain, tonnes=tonnes, bands=terms.bands)
    payable = mature or not terms.share_at_maturity
    relief = relief_of(gain, tonnes=tonnes, loss_cap=terms.loss_cap)
    due, accrued = (share, 0) if payable else (0, share)
    return Figure(tonnes, amount, fees, promised, gain, due, relief, accrued)


def _sign(side: GuaranteeSide) -> int:
    return 1 if side is GuaranteeSide.PURCHASE else -1
