"""Values ⇄ JSON in the database, by the types of their fields: kept whole, and read back whole.

Decimals, days and moments are text, so nothing becomes a binary number; an amount is its number and
currency, and is also read from whole fen of CNY. A field that is added later needs a default; then
older records still read.
"""

from typing import TypeVar, cast

import msgspec

from services.kernel.money import Money, from_minor, money

Value = TypeVar("Value")


class UnreadableRecord(RuntimeError):
    """A record is not what the present code can read: a mistake of ours, not of a caller."""


def to_json_text(value: object) -> str:
    """Write a frozen value, or plain ones, as JSON.

    Raises:
        TypeError: something in it has no form in JSON.
    """
    return _ENCODER.encode(value).decode()


def from_json_text(text: str | bytes) -> object:
    """Read plain values: mappings, lists, texts and whole numbers."""
    return cast("object", msgspec.json.decode(text))


def from_json(kind: type[Value], written: object) -> Value:
    """Read a frozen value of a kind from plain ones.

    Raises:
        UnreadableRecord: a field is missing, or is not of its type; both are named.
    """
    try:
        return msgspec.convert(written, kind, dec_hook=_read)
    except msgspec.ValidationError as unlike:
        raise UnreadableRecord(f"{kind.__name__} as kept: {unlike}") from unlike


def _write(value: object) -> list[str]:
    if isinstance(value, Money):
        return [str(value.amount), value.currency.code]
    raise TypeError(f"{type(value).__name__} is not kept as JSON")


def _read(kind: type[object], written: object) -> object:
    if kind is not Money:
        raise TypeError(f"{kind.__name__} is not kept as JSON")
    if isinstance(written, int):
        return from_minor(written)
    amount, currency = cast("list[str]", written)
    return money(amount, currency)


_ENCODER = msgspec.json.Encoder(enc_hook=_write)
