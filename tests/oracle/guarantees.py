"""A guaranteed price, worked out again: to date, by month, with whatever became known late.

An oracle, apart from the product: prices are exact fractions of yuan, amounts whole fen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.rounding import fen

MONTHLY, AT_MATURITY = "MONTHLY", "AT_MATURITY"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised; share tiers are (end of the band in yuan per tonne, part)."""

    side: str
    price: Fraction
    tiers: tuple[tuple[Fraction | None, Fraction], ...] = ()
    loss_cap: Fraction | None = None
    with_fees: bool = False
    timing: str = MONTHLY
    matures: str = "9999-12"
    volume: int = 0
    reference: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Traded:
    """Tonnes, their amount and their fees, in fen."""

    tonnes: int = 0
    amount: int = 0
    fees: int = 0

    def __add__(self, other: "Traded") -> "Traded":
        """Add two."""
        return Traded(
            self.tonnes + other.tonnes, self.amount + other.amount, self.fees + other.fees
        )

    def __sub__(self, other: "Traded") -> "Traded":
        """Take one from another."""
        return self + Traded(-other.tonnes, -other.amount, -other.fees)


@dataclass(frozen=True, slots=True)
class Moved:
    """Tonnes, gain, share and relief: to date, or of a month, in fen."""

    tonnes: int = 0
    gain: int = 0
    share: int = 0
    relief: int = 0

    @property
    def house(self) -> int:
        """What the house has of it."""
        return self.gain + self.relief - self.share

    def __add__(self, other: "Moved") -> "Moved":
        """Add two."""
        return Moved(
            self.tonnes + other.tonnes,
            self.gain + other.gain,
            self.share + other.share,
            self.relief + other.relief,
        )

    def __sub__(self, other: "Moved") -> "Moved":
        """Take one from another."""
        return self + Moved(-other.tonnes, -other.gain, -other.share, -other.relief)


def share_of(terms: Terms, gain: int, tonnes: int) -> int:
    """Give the customer's part of a gain, graduated by gain per tonne."""
    below, total = Fraction(0), Fraction(0)
    for end, part in terms.tiers:
        top = Fraction(gain, 100) if end is None else min(Fraction(gain, 100), end * tonnes)
        total += part * max(Fraction(0), top - below * tonnes)
        below = end if end is not None else below
    return fen(total)


def figure(terms: Terms, traded: Traded, month: str) -> Moved:
    """Give the figure to date at the end of a month, of all that was traded until then."""
    if terms.reference is not None and month >= terms.matures:
        open_tonnes = terms.volume - traded.tonnes
        traded += Traded(open_tonnes, fen(terms.reference * open_tonnes))
    promised = fen(terms.price * traded.tonnes)
    fees = traded.fees if terms.with_fees else 0
    if terms.side == "PURCHASE":
        gain = promised - (traded.amount + fees)
    else:
        gain = traded.amount - fees - promised
    relief = 0
    if terms.loss_cap is not None:
        relief = max(gain, -fen(terms.loss_cap * traded.tonnes)) - gain
    due = terms.timing == MONTHLY or month >= terms.matures
    return Moved(traded.tonnes, gain, share_of(terms, gain, traded.tonnes) if due else 0, relief)


def by_month(terms: Terms, months: Mapping[str, Traded]) -> dict[str, Moved]:
    """Give what each month moves; what is traded after the window never enters."""
    result, before, traded = {}, Moved(), Traded()
    for month in sorted(months):
        if month <= terms.matures:
            traded += months[month]
        now = figure(terms, traded, month)
        result[month], before = now - before, now
    return result


def rows_by_origin(
    terms: Terms,
    traded: Mapping[str, Traded],
    months: Sequence[str],
    posted: Mapping[str, Moved],
) -> dict[str, Moved]:
    """Give a row per month of origin: the month's figure as known now, less what is posted."""
    now = by_month(terms, {month: traded.get(month, Traded()) for month in months})
    return {month: now[month] - posted.get(month, Moved()) for month in months}
