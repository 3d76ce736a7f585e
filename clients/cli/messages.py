"""Text ⇄ messages of the contract, whatever the message: one spelling, both ways.

``fill`` reads a record (text by field name, nested where the message is) into a message;
``plain`` turns a message into what JSON can hold. What ``plain`` writes, ``fill`` reads.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar, cast

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.decimal_pb2 import Decimal
from google.type.money_pb2 import Money
from tanheng.common.v1 import common_pb2

from clients.cli import spelling

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"
Record: TypeAlias = Mapping[str, object]
SomeMessage = TypeVar("SomeMessage", bound=Message)

_WHOLE = {
    FieldDescriptor.TYPE_INT32,
    FieldDescriptor.TYPE_INT64,
    FieldDescriptor.TYPE_UINT32,
    FieldDescriptor.TYPE_UINT64,
}
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class BadField(ValueError):
    """A record has a field that the message does not, or a value that the field cannot hold."""

    def __init__(self, path: str, description: str) -> None:
        """Keep the path of the field and what is wrong with it."""
        super().__init__(f"{path}: {description}")
        self.path = path
        self.description = description


class UnknownField(BadField):
    """A record has a field that the message does not."""


def fill(message: SomeMessage, record: Record, *, path: str = "") -> SomeMessage:
    """Read a record into a message and give it back; blank text leaves a field unset.

    Raises:
        BadField: an unknown field, or a value that the field cannot hold.
    """
    fields = {field.name: field for field in _fields(message)}
    for key, value in record.items():
        where = f"{path}.{key}" if path else key
        if key not in fields:
            text = f"is no field of {message.DESCRIPTOR.name}; there are {', '.join(fields)}"
            raise UnknownField(where, text)
        if value is not None and value != "":
            _fill_field(message, fields[key], value, where)
    return message


def plain(message: Message) -> Plain:
    """Turn a message into what JSON can hold; unset messages are left out."""
    written = _write_scalar(message)
    if written is not None:
        return written
    result: dict[str, Plain] = {}
    for field in _fields(message):
        if field.has_presence and not message.HasField(field.name):
            continue
        result[field.name] = _plain_field(field, getattr(message, field.name))
    return result


def short_enum(enum: EnumDescriptor, number: int) -> str:
    """Write an enum value without the prefix that all its values share."""
    value = enum.values_by_number.get(number)
    return str(number) if value is None else value.name.removeprefix(_prefix(enum))


def _fields(message: Message) -> Sequence[FieldDescriptor]:
    return cast("Sequence[FieldDescriptor]", message.DESCRIPTOR.fields)


def _fill_field(message: Message, field: FieldDescriptor, value: object, where: str) -> None:
    if not field.is_repeated:
        _fill_single(message, field, value, where)
        return
    items = value if isinstance(value, list) else str(value).split(";")
    container = getattr(message, field.name)
    for index, item in enumerate(items):
        place = f"{where}[{index}]"
        if field.message_type is None:
            container.append(_read_plain(field, item, place))
        else:
            _fill_message(container.add(), item, place)


def _fill_single(message: Message, field: FieldDescriptor, value: object, where: str) -> None:
    if field.message_type is None:
        setattr(message, field.name, _read_plain(field, value, where))
    else:
        child: Message = getattr(message, field.name)
        child.SetInParent()
        _fill_message(child, value, where)


def _fill_message(message: Message, value: object, where: str) -> None:
    if isinstance(value, Mapping):
        fill(message, value, path=where)
        return
    read = _READERS.get(message.DESCRIPTOR.full_name)
    if read is None:
        raise BadField(where, f"is {value!r}; write the fields of {message.DESCRIPTOR.name}")
    try:
        message.CopyFrom(read(str(value)))
    except spelling.Misspelt as wrong:
        raise BadField(where, str(wrong)) from None


def _read_plain(field: FieldDescriptor, value: object, where: str) -> str | int | bool:
    text = str(value).strip()
    if field.enum_type is not None:
        return _read_enum(field.enum_type, text, where)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return _read_truth(text, where)
    if field.type in _WHOLE:
        return _read_whole(text, where)
    return text


def _read_enum(enum: EnumDescriptor, text: str, where: str) -> int:
    prefix = _prefix(enum)
    value = enum.values_by_name.get(prefix + text.removeprefix(prefix))
    if value is None:
        names = ", ".join(each.name.removeprefix(prefix) for each in enum.values[1:])
        raise BadField(where, f"is {text!r}; write one of {names}")
    return value.number


def _read_truth(text: str, where: str) -> bool:
    if text.lower() not in _TRUTH:
        raise BadField(where, f"is {text!r}; write true or false")
    return _TRUTH[text.lower()]


def _read_whole(text: str, where: str) -> int:
    try:
        return int(spelling.ungrouped(text))
    except ValueError:
        raise BadField(where, f"is {text!r}; write a whole number") from None


def _plain_field(field: FieldDescriptor, value: object) -> Plain:
    if isinstance(value, Mapping):
        return {str(key): _plain_item(field, item) for key, item in value.items()}
    if field.is_repeated and isinstance(value, Sequence):
        return [_plain_item(field, item) for item in value]
    return _plain_item(field, value)


def _plain_item(field: FieldDescriptor, value: object) -> Plain:
    if isinstance(value, Message):
        return plain(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if field.enum_type is not None and isinstance(value, int):
        return short_enum(field.enum_type, value)
    return value if isinstance(value, bool | int | str) else str(value)


def _write_scalar(message: Message) -> str | None:
    match message:
        case Money():
            return spelling.write_money(message)
        case Decimal():
            return message.value
        case Date():
            return spelling.write_date(message)
        case Timestamp():
            return message.ToJsonString()
        case common_pb2.Instrument():
            return spelling.write_instrument(message)
        case _:
            return None


def _prefix(enum: EnumDescriptor) -> str:
    return enum.values[0].name.removesuffix("UNSPECIFIED")


_READERS: Mapping[str, Callable[[str], Message]] = {
    "google.type.Money": spelling.read_money,
    "google.type.Decimal": spelling.read_decimal,
    "google.type.Date": spelling.read_date,
    "google.protobuf.Timestamp": spelling.read_timestamp,
    "tanheng.common.v1.Instrument": spelling.read_instrument,
}
