"""Exact decimals: prices, rates, shares, scales."""

import re
from decimal import ROUND_HALF_UP, Decimal

from google.protobuf.message import Message
from google.type.decimal_pb2 import Decimal as WireDecimal

from services.wire.refusal import refused

INTEGER_DIGITS = 15
DECIMALS = 6
_PLAIN = re.compile(rf"-?[0-9]{{1,{INTEGER_DIGITS}}}(\.[0-9]{{1,{DECIMALS}}})?")


def decimal_flaw(text: str) -> str | None:
    """Say what is wrong with the text of a decimal; None when nothing is."""
    if _PLAIN.fullmatch(text):
        return None
    return (
        f"{text[:40]!r} is not a decimal of at most {INTEGER_DIGITS} digits"
        f" and {DECIMALS} decimals; write it as 57.68"
    )


def from_wire_decimal(value: WireDecimal, field: str) -> Decimal:
    """Read a decimal.

    Raises:
        InvalidInput: not a plain decimal within the bounds.
    """
    flaw = decimal_flaw(value.value)
    if flaw is not None:
        raise refused(field, flaw)
    return Decimal(value.value)


def from_wire_optional_decimal(message: Message, field: str) -> Decimal | None:
    """Read a decimal field of a message; None when it is unset."""
    return from_wire_decimal(getattr(message, field), field) if message.HasField(field) else None


def to_wire_decimal(value: Decimal) -> WireDecimal:
    """Write a decimal plainly, with at most six decimals and no trailing zeros."""
    return WireDecimal(value=decimal_text(value))


def decimal_text(value: Decimal) -> str:
    """Write the text of a decimal, for an answer of many: a message of its own costs more."""
    whole, _, places = _plainly(value).partition(".")
    if len(places) > DECIMALS:
        value = value.quantize(Decimal(1).scaleb(-DECIMALS), rounding=ROUND_HALF_UP)
        whole, _, places = _plainly(value).partition(".")
    places = places.rstrip("0")
    if places:
        return f"{whole}.{places}"
    return "0" if whole == "-0" else whole


def _plainly(value: Decimal) -> str:
    """Write without an exponent; asking first is faster than always formatting."""
    text = str(value)
    return format(value, "f") if "E" in text else text
