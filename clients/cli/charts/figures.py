"""The plain figures that pictures are drawn from; nothing here draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_MOST_TIERS = 3
"""More are not named one by one."""


@dataclass(frozen=True, slots=True)
class Close:
    """The close of a day; thousands of tonnes traded if known; whether it is final."""

    day: date
    price: float
    kilotonnes: float | None = None
    is_final: bool = True


@dataclass(frozen=True, slots=True)
class PromisedSpan:
    """A price promised from ``start`` to before ``end``, and what people call it."""

    label: str
    price: float
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class PayoffPoint:
    """At an average price: what the house earns, and what a tonne costs or brings the customer."""

    average: float
    house: float
    customer: float


@dataclass(frozen=True, slots=True)
class PayoffTerms:
    """What is promised: ``is_purchase`` a price to buy at, else a floor to sell at.

    ``sharing`` says what else is agreed, in words.
    """

    name: str
    is_purchase: bool
    promised: float
    sharing: str = "nothing is shared"


def payoff_of(
    terms: PayoffTerms,
    *,
    tiers: Sequence[tuple[float | None, float]],
    loss_cap: float | None,
    averages: Sequence[float],
) -> list[PayoffPoint]:
    """Compute the payoff at some averages, by gain share tiers of (upper gain or None, share)."""
    sign = 1.0 if terms.is_purchase else -1.0
    points = []
    for average in averages:
        gain = sign * (terms.promised - average)
        capped = gain if loss_cap is None else max(gain, -loss_cap)
        house = capped - _shared(gain, tiers)
        points.append(PayoffPoint(average, house, average + sign * house))
    return points


def sharing_of(tiers: Sequence[tuple[float | None, float]], *, loss_cap: float | None) -> str:
    """Say which part of a gain is the customer's, and what the house bears at most."""
    cap = "no loss cap" if loss_cap is None else f"loss cap {loss_cap:,.2f}"
    if not any(share for _, share in tiers):
        return f"gains are the house's; {cap}"
    if len(tiers) > _MOST_TIERS:
        low, high = (_percent(pick(share for _, share in tiers)) for pick in (min, max))
        return f"customer's share {low} to {high} in {len(tiers)} tiers; {cap}"
    parts = [
        f"{_percent(share)} above"
        if bound is None
        else f"{_percent(share)} of gains to {bound:,.2f}"
        for bound, share in tiers
    ]
    if len(parts) == 1:
        parts = [f"{_percent(tiers[0][1])} of gains"]
    return f"customer's share {', '.join(parts)}; {cap}"


@dataclass(frozen=True, slots=True)
class Quantile:
    """With a probability the house earns at most ``profit``, which happens at ``average``."""

    probability: float
    profit: float
    average: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a quote says of its result; losses of ``var_99`` and ``cvar_99`` are positive."""

    name: str
    promised: float
    expected: float
    probability_of_loss: float
    var_99: float
    cvar_99: float
    quantiles: tuple[Quantile, ...]
    payoff: tuple[PayoffPoint, ...]


@dataclass(frozen=True, slots=True)
class BandPoint:
    """The break-even price at a volatility, and with a drift a year added to all forwards."""

    volatility: float
    drift: float
    price: float


def _percent(share: float) -> str:
    return f"{round(100 * share, 2):g} %"


def _shared(gain: float, tiers: Sequence[tuple[float | None, float]]) -> float:
    shared, below = 0.0, 0.0
    for bound, share in tiers:
        upper = gain if bound is None else min(gain, bound)
        shared += share * max(0.0, upper - below)
        below = below if bound is None else bound
    return shared
