"""Amounts of money."""

from decimal import Decimal

from google.type.money_pb2 import Money as WireMoney

from services.kernel.errors import InvalidInput
from services.kernel.money import Money, from_minor, minor_decimals, to_minor
from services.wire.refusal import refused

_NANO_DIGITS = 9
_MOST_UNITS = 10**15 - 1
_MOST_NANOS = 10**_NANO_DIGITS - 1


def money_flaw(value: WireMoney) -> str | None:
    """Say what is wrong with an amount; None when nothing is."""
    try:
        decimals = minor_decimals(value.currency_code)
    except InvalidInput as error:
        return error.message
    if abs(value.units) > _MOST_UNITS or abs(value.nanos) > _MOST_NANOS:
        return f"units {value.units}, nanos {value.nanos}: beyond 15 digits, or nanos beyond 9"
    if value.units * value.nanos < 0:
        return f"units {value.units} and nanos {value.nanos} have different signs"
    if value.nanos % 10 ** (_NANO_DIGITS - decimals):
        return f"nanos {value.nanos}: {value.currency_code} has {decimals} decimals; round first"
    return None


def from_wire_money(value: WireMoney, field: str) -> Money:
    """Read an amount.

    Raises:
        InvalidInput: unknown currency, mixed signs, more decimals than the currency has.
    """
    flaw = money_flaw(value)
    if flaw is not None:
        raise refused(field, flaw)
    decimals = minor_decimals(value.currency_code)
    minor = value.units * 10**decimals + value.nanos // 10 ** (_NANO_DIGITS - decimals)
    return from_minor(minor, value.currency_code)


def to_wire_money(amount: Money) -> WireMoney:
    """Write an amount."""
    code = amount.currency.code
    scale = 10 ** minor_decimals(code)
    minor = to_minor(amount)
    units, rest = divmod(abs(minor), scale)
    sign = -1 if minor < 0 else 1
    nanos = rest * 10**_NANO_DIGITS // scale
    return WireMoney(currency_code=code, units=sign * units, nanos=sign * nanos)


def to_wire_exact(amount: Decimal, currency: str = "CNY") -> WireMoney:
    """Write a decimal amount that is exact in its currency already."""
    return to_wire_money(Money(amount, currency))
