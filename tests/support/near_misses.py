"""Requests that are right but for one or two values, as a careless or hostile client sends them."""

import copy
from collections.abc import Iterator
from random import Random
from typing import cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.type import date_pb2, decimal_pb2, money_pb2

_DECIMALS = (
    *("1e400", "NaN", "Infinity", "-0", "١٢", "9" * 60, "-1", "", "1_000", "+5", "0x10", "1e6"),
    *("999999999999999999", "0.1234567", "-0.000001", "12345678901234567890.123456", "0", "1"),
)
_TEXTS = (
    *("", "customers/../x", "customers/none", "contracts/none", "a\x00b", "\x1b[31m", "碳" * 50),
    *("x" * 9_999, "' OR 1=1--", "%s%n", "2025-13", "0000-00", "9999-12", "2025-Q5", "\u202e"),
)
_WHOLE = (0, 1, -1, 2**31 - 1, -(2**31), 1001, 2100, 9999)
_LONG = (*_WHOLE, 2**63 - 1, -(2**63), 10**15)
_DAYS = (
    (0, 0, 0),
    (9999, 12, 31),
    (2025, 2, 30),
    (1, 1, 1),
    (-1, 1, 1),
    (2025, 4, 0),
    (2100, 1, 1),
)
_AMOUNTS = (
    *(("CNY", 1, -1), ("CNY", 0, 1), ("CNY", 2**63 - 1, 990_000_000), ("CNY", -(2**63), 0)),
    *(("USD", 1, 0), ("", 1, 0), ("cny", 1, 0), ("XXX", 1, 0), ("CNY", 0, 10**9), ("CNY", -5, 0)),
    *(("JPY", 1, 10_000_000), ("BHD", 1, 1_000_000), ("CNY", 10**15, 0), ("CNY", 0, 0)),
)


def near_misses(right: Message, *, count: int, seed: int) -> Iterator[Message]:
    """Give copies of a right request, each spoilt in one to three places."""
    random = Random(seed)
    for _ in range(count):
        message = copy.deepcopy(right)
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            owner, field = random.choice(list(_places(message)))
            _spoil(owner, field, random)
        yield message


def _places(message: Message) -> Iterator[tuple[Message, FieldDescriptor]]:
    for field in cast("Descriptor", message.DESCRIPTOR).fields:
        if field.name in {"request_id", "validate_only"}:
            continue
        yield message, field
        for below in _messages_in(message, field):
            if not isinstance(below, date_pb2.Date | decimal_pb2.Decimal | money_pb2.Money):
                yield from _places(below)


def _messages_in(message: Message, field: FieldDescriptor) -> list[Message]:
    if field.message_type is None or field.message_type.GetOptions().map_entry:
        return []
    if field.is_repeated:
        return list(getattr(message, field.name))
    return [getattr(message, field.name)] if message.HasField(field.name) else []


def _spoil(owner: Message, field: FieldDescriptor, random: Random) -> None:
    inside = _messages_in(owner, field)
    if random.random() < 0.15:
        owner.ClearField(field.name)
    elif field.is_repeated and field.message_type is not None:
        getattr(owner, field.name).add()
    elif inside:
        _spoil_message(inside[0], random)
    elif field.message_type is None and not field.is_repeated:
        setattr(owner, field.name, random.choice(_scalars(field)))


def _spoil_message(value: Message, random: Random) -> None:
    if isinstance(value, date_pb2.Date):
        value.year, value.month, value.day = random.choice(_DAYS)
    elif isinstance(value, decimal_pb2.Decimal):
        value.value = random.choice(_DECIMALS)
    elif isinstance(value, money_pb2.Money):
        value.currency_code, value.units, value.nanos = random.choice(_AMOUNTS)
    else:
        value.Clear()


def _scalars(field: FieldDescriptor) -> tuple[object, ...]:
    if field.type == FieldDescriptor.TYPE_STRING:
        return _TEXTS
    if field.type == FieldDescriptor.TYPE_BOOL:
        return (True, False)
    if field.type == FieldDescriptor.TYPE_ENUM:
        return (0, 1, 2, 3, 99)
    return _LONG if field.type == FieldDescriptor.TYPE_INT64 else _WHOLE
