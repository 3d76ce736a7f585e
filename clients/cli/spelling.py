"""How people write the scalar words of the contract: text in, text out, never a float.

An amount is ``2350000.00`` in CNY and ``12.50 USD`` in anything else; a price is ``0.35``; a day
is ``2025-03-01``; an instrument is ``CEA-2024`` or ``CCER-2024-ningde-deep``.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.decimal_pb2 import Decimal as WireDecimal
from google.type.money_pb2 import Money
from tanheng.common.v1 import common_pb2

HOME_CURRENCY = "CNY"
NANOS = 9
LARGEST_AMOUNT = 10**18
THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
"""A comma may separate thousands. One anywhere else may be meant as a point, and is refused."""


class Misspelt(ValueError):
    """The text is not what the field holds; the message says how to write it."""


def read_money(text: str) -> Money:
    """Read an amount: a number, and a currency where it is not CNY."""
    number, _, currency = text.strip().partition(" ")
    value = _number(number, "an amount")
    if abs(value) >= LARGEST_AMOUNT:
        raise Misspelt(f"{text!r} is larger than any amount of money")
    units = int(value.scaleb(NANOS))
    if Decimal(units).scaleb(-NANOS) != value:
        raise Misspelt(f"{text!r} has more than {NANOS} decimals")
    sign = -1 if units < 0 else 1
    whole, nanos = divmod(abs(units), 10**NANOS)
    return Money(
        currency_code=currency.strip() or HOME_CURRENCY, units=sign * whole, nanos=sign * nanos
    )


def write_money(amount: Money) -> str:
    """Write an amount with at least two decimals; its currency only where it is not CNY."""
    whole, _, decimals = f"{amount_of(amount):.9f}".partition(".")
    text = f"{whole}.{decimals.rstrip('0'):0<2}"
    currency = amount.currency_code
    return text if currency in {"", HOME_CURRENCY} else f"{text} {currency}"


def amount_of(amount: Money) -> Decimal:
    """Take the exact number of an amount."""
    return amount.units + Decimal(amount.nanos).scaleb(-NANOS)


def read_decimal(text: str) -> WireDecimal:
    """Read a price, rate, share or scale."""
    return WireDecimal(value=plain_number(_number(text.strip(), "a number")))


def read_date(text: str) -> Date:
    """Read a day; a time of midnight, as spreadsheets add it, is dropped."""
    try:
        day = date.fromisoformat(text.strip().removesuffix("00:00:00").strip())
    except ValueError:
        raise Misspelt(f"{text!r} is not a day; write it as 2025-03-01") from None
    return Date(year=day.year, month=day.month, day=day.day)


def write_date(day: Date) -> str:
    """Write a day as ISO 8601 has it."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


def read_timestamp(text: str) -> Timestamp:
    """Read a moment, ``2025-03-01T08:00:00Z``."""
    moment = Timestamp()
    try:
        moment.FromJsonString(text.strip())
    except ValueError:
        raise Misspelt(
            f"{text!r} is not a moment; write it as 2025-03-01T08:00:00Z or +08:00"
        ) from None
    return moment


def read_instrument(text: str) -> common_pb2.Instrument:
    """Read the code of an instrument."""
    kind, _, rest = text.strip().partition("-")
    vintage, _, project = rest.partition("-")
    name = f"INSTRUMENT_KIND_{kind}"
    if name not in common_pb2.InstrumentKind.keys() or not vintage.isdigit():  # noqa: SIM118
        raise Misspelt(f"{text!r} is not an instrument; write CEA-2024 or CCER-2024-some-project")
    return common_pb2.Instrument(
        kind=common_pb2.InstrumentKind.Value(name), vintage=int(vintage), project=project
    )


def write_instrument(instrument: common_pb2.Instrument) -> str:
    """Write the code of an instrument."""
    kind = common_pb2.InstrumentKind.Name(instrument.kind).removeprefix("INSTRUMENT_KIND_")
    return "-".join(part for part in (kind, str(instrument.vintage), instrument.project) if part)


def ungrouped(text: str) -> str:
    """Take the commas out of a number whose thousands they separate, and out of no other."""
    return text.replace(",", "") if THOUSANDS.fullmatch(text.strip()) else text


def plain_number(value: Decimal) -> str:
    """Write a number without an exponent, as many decimals as it came with."""
    return f"{value:f}"


def _number(text: str, what: str) -> Decimal:
    try:
        value = Decimal(ungrouped(text))
    except InvalidOperation:
        raise Misspelt(f"{text!r} is not {what}; write it as 1234.56") from None
    if not value.is_finite():
        raise Misspelt(f"{text!r} is not {what}; write it as 1234.56")
    return value
