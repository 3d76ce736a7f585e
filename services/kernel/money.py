"""Money: built exactly, rounded once by a named policy, split without losing a fen.

This module owns every construction and rounding of money. py-moneyed's ``Money`` is the value;
its own constructor takes floats and its ``round`` is half-even, so neither is used elsewhere.
"""

import decimal
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

from moneyed import CNY, Currency, CurrencyDoesNotExist, Money, get_currency

from services.kernel.errors import FieldViolation, InvalidInput

__all__ = [
    "CNY",
    "Currency",
    "Money",
    "from_minor",
    "minor_decimals",
    "money",
    "round_money",
    "round_quotient",
    "split_money",
    "split_units",
    "sum_money",
    "to_minor",
    "zero",
]

# 28 digits, the interpreter's default, are too few for tonnes x price x share at our bounds.
# New threads copy DefaultContext; the importing thread has its own context already.
DIGITS = 60
decimal.DefaultContext.prec = DIGITS
decimal.getcontext().prec = DIGITS

# ISO 4217 minor units where they are not two.
_NO_DECIMALS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


class NotMoney(InvalidInput):
    """The amount is not an exact amount of its currency."""

    reason = "INVALID_FIELDS"


def money(amount: Decimal | int | str, currency: str = "CNY") -> Money:
    """Build an exact amount of a currency.

    Raises:
        NotMoney: a float, not a finite number, an unknown currency, or more decimals than it has.
    """
    if isinstance(amount, float | bool):
        raise _refused(f"{amount!r} is a binary number; give it as text")
    value = _finite(amount)
    known = _currency(currency)
    if value != value.quantize(_quantum(currency)):
        places = minor_decimals(currency)
        raise _refused(f"{amount} has more decimals than {currency}, which has {places}")
    return Money(value.quantize(_quantum(currency)), known)


def zero(currency: str = "CNY") -> Money:
    """Build nothing, in a currency."""
    return from_minor(0, currency)


def round_money(amount: Decimal, currency: str = "CNY") -> Money:
    """Round half away from zero to the minor unit: the one rounding policy of the house."""
    return Money(
        amount.quantize(_quantum(currency), rounding=ROUND_HALF_UP) + 0, _currency(currency)
    )


def round_quotient(numerator: int, denominator: int) -> int:
    """Round a quotient of whole numbers half away from zero: the same policy, for minor units.

    ``denominator`` is above zero. Exact at any size, and some ten times faster than decimals.
    """
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def to_minor(amount: Money) -> int:
    """Count the minor units (fen) of an exact amount."""
    return int(amount.amount.scaleb(minor_decimals(amount.currency.code)))


def from_minor(units: int, currency: str = "CNY") -> Money:
    """Build an amount from its minor units (fen)."""
    return Money(Decimal(units).scaleb(-minor_decimals(currency)), _currency(currency))


def sum_money(amounts: Iterable[Money], currency: str = "CNY") -> Money:
    """Add amounts of one currency; nothing adds up to zero."""
    total = zero(currency)
    for amount in amounts:
        total = total + amount
    return total


def split_money(total: Money, weights: Sequence[Decimal | int]) -> list[Money]:
    """Split an amount by weights, to the fen, largest remainders first, ties to the earlier part.

    Raises:
        NotMoney: weights are negative, or all zero while there is something to split.
    """
    parts = split_units(to_minor(total), weights)
    return [from_minor(part, total.currency.code) for part in parts]


def split_units(total: int, weights: Sequence[Decimal | int]) -> list[int]:
    """Split whole units by weights; parts sum to the whole and ``split(-x) == -split(x)``.

    Raises:
        NotMoney: weights are negative, or all zero while there is something to split.
    """
    exact = _whole_weights(weights)
    if any(weight < 0 for weight in exact):
        raise _refused("a weight is negative; weights are zero or above")
    whole = sum(exact)
    if whole == 0:
        raise _refused("all weights are zero; at least one part must take something")
    sign, units = (-1, -total) if total < 0 else (1, total)
    shares = [divmod(units * weight, whole) for weight in exact]
    parts = [part for part, _ in shares]
    order = sorted(range(len(parts)), key=lambda index: (-shares[index][1], index))
    for index in order[: units - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]


def _whole_weights(weights: Sequence[Decimal | int]) -> list[int]:
    """Bring weights to whole numbers of the same proportions, so that shares are exact and fast."""
    if all(isinstance(weight, int) for weight in weights):
        return [int(weight) for weight in weights]
    exact = [Fraction(weight) for weight in weights]
    scale = lcm(*(weight.denominator for weight in exact))
    return [int(weight * scale) for weight in exact]


@lru_cache(maxsize=256)
def minor_decimals(currency: str) -> int:
    """Tell how many decimals a currency has (ISO 4217)."""
    _currency(currency)
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


@lru_cache(maxsize=256)
def _quantum(currency: str) -> Decimal:
    return Decimal(1).scaleb(-minor_decimals(currency))


@lru_cache(maxsize=256)
def _currency(code: str) -> Currency:
    try:
        return get_currency(code)
    except CurrencyDoesNotExist:
        raise _refused(f"{code!r} is not a currency code of ISO 4217") from None


def _finite(amount: Decimal | int | str) -> Decimal:
    try:
        value = Decimal(amount)
    except decimal.InvalidOperation:
        raise _refused(f"{amount!r} is not a number") from None
    if not value.is_finite():
        raise _refused(f"{amount!r} is not a finite number")
    return value


def _refused(description: str) -> NotMoney:
    return NotMoney(description, violations=(FieldViolation("amount", description),))
