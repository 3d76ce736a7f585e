"""Whole fen, and averages of them, on the wire."""

from decimal import ROUND_HALF_UP, Decimal

from google.type.decimal_pb2 import Decimal as WireDecimal
from google.type.money_pb2 import Money as WireMoney

from services.kernel.money import from_minor
from services.wire.money import to_wire_money
from services.wire.numbers import to_wire_decimal

_SIX_DECIMALS = Decimal("0.000001")


def to_wire_fen(units: int) -> WireMoney:
    """Write fen as an amount of CNY."""
    return to_wire_money(from_minor(units))


def to_wire_average(amount: int, tonnes: int) -> WireDecimal | None:
    """Write ``amount`` fen over ``tonnes`` in CNY per tonne; None while there are no tonnes."""
    if tonnes == 0:
        return None
    exact = Decimal(amount) / (100 * tonnes)
    return to_wire_decimal(exact.quantize(_SIX_DECIMALS, rounding=ROUND_HALF_UP))
