"""The two ways in which exact figures become whole ones: rounding once, and splitting.

An oracle: written from the rules of the trade, in exact fractions, without a line of the product.
Money is counted in whole fen throughout.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import floor


def half_away(exact: Fraction) -> int:
    """Round to a whole number, halves away from zero."""
    whole = floor(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole


def fen(yuan: Fraction) -> int:
    """Round an exact amount in yuan to whole fen."""
    return half_away(yuan * 100)


def tax_of(own: int, rate: Fraction, *, inclusive: bool) -> tuple[int, int, int]:
    """Give net, tax and gross of an amount in the basis of its own prices."""
    if inclusive:
        net = half_away(own / (1 + rate))
        return net, own - net, own
    tax = half_away(own * rate)
    return own, tax, own + tax


def split(total: int, weights: Sequence[Fraction | int]) -> list[int]:
    """Split by weights: floors first, odd units to the largest remainders, ties to the earlier."""
    if total < 0:
        return [-part for part in split(-total, weights)]
    whole = sum(weights)
    exact = [Fraction(total) * weight / whole for weight in weights]
    parts = [floor(each) for each in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts
