"""Amounts of a line in whole fen: rounded once, half away from zero, taxed by line.

Whole numbers, since a preview computes dozens of amounts and must be quick; the rules are those of
``kernel.money`` and ``kernel.tax``, and a property holds the two against each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from services.kernel.money import round_quotient

FEN = 100
"""Fen in one CNY."""

_CENTS = tuple(f".{fen:02d}" for fen in range(FEN))
"""Looking two digits up takes half the time of writing them; a preview writes dozens."""


class Amounts(NamedTuple):
    """What a line comes to: ``net_fen + tax_fen == gross_fen``."""

    net_fen: int
    tax_fen: int
    gross_fen: int

    def __add__(self, other: "Amounts") -> "Amounts":  # type: ignore[override]  # no tuple grows
        """Add two lines."""
        return Amounts(
            self.net_fen + other.net_fen,
            self.tax_fen + other.tax_fen,
            self.gross_fen + other.gross_fen,
        )

    def __neg__(self) -> "Amounts":
        """The same, given back."""
        return Amounts(-self.net_fen, -self.tax_fen, -self.gross_fen)


NOTHING = Amounts(0, 0, 0)


def sum_amounts(amounts: Iterable[Amounts]) -> Amounts:
    """Add lines up; none add up to nothing."""
    net = tax = gross = 0
    for each in amounts:
        net += each.net_fen
        tax += each.tax_fen
        gross += each.gross_fen
    return Amounts(net, tax, gross)


def round_fen(cny: Decimal) -> int:
    """Round an amount in CNY to whole fen."""
    numerator, denominator = cny.as_integer_ratio()
    return round_quotient(numerator * FEN, denominator)


@dataclass(frozen=True, slots=True)
class Taxation:
    """How an amount in a tariff's own basis becomes net, tax and gross.

    Exclusive: ``tax = round(net x rate)``. Inclusive: ``net = round(gross / (1 + rate))``, the tax
    is the rest.
    """

    rate: Decimal
    inclusive: bool

    def of(self, own_fen: int) -> Amounts:
        """Tax an amount of one line."""
        numerator, denominator = _ratio(self.rate)
        if self.inclusive:
            net = round_quotient(own_fen * denominator, denominator + numerator)
            return Amounts(net, own_fen - net, own_fen)
        tax = round_quotient(own_fen * numerator, denominator)
        return Amounts(own_fen, tax, own_fen + tax)

    def own(self, amounts: Amounts) -> int:
        """Read the amount in the tariff's own basis."""
        return amounts.gross_fen if self.inclusive else amounts.net_fen

    def own_of_net(self, net_fen: int) -> int:
        """Find the amount in the tariff's own basis whose net is this."""
        return (
            Taxation(self.rate, inclusive=False).of(net_fen).gross_fen
            if self.inclusive
            else net_fen
        )


def text_of_fen(fen: int) -> str:
    """Write an amount for people: 235000000 is 2,350,000.00."""
    if fen < 0:
        return f"-{text_of_fen(-fen)}"
    return f"{fen // FEN:,}{_CENTS[fen % FEN]}"


@lru_cache(maxsize=1024)
def _ratio(rate: Decimal) -> tuple[int, int]:
    """Write a rate as a fraction; there are few rates, and every line asks."""
    return rate.as_integer_ratio()
