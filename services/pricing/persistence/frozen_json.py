"""Frozen values ⇄ JSON, by the types of their fields: what is kept whole, and read back whole.

Decimals, days and moments are text, so nothing becomes a binary number; an amount is its number and
currency. A field that is added later needs a default; then older records still read.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from operator import attrgetter, methodcaller
from types import NoneType, UnionType
from typing import TypeVar, cast, get_args, get_origin, get_type_hints

from services.kernel.money import Money, money

Value = TypeVar("Value")


def to_json(value: object) -> object:
    """Write a frozen value as what JSON can hold."""
    return (_FOUND.get(type(value)) or _writer(type(value)))(value)


def from_json(kind: type[Value], written: object) -> Value:
    """Read a frozen value of a kind back."""
    return cast("Value", _reader(cast("Hashable", kind))(written))


def _writer(kind: type) -> Callable[[object], object]:
    """Find how a kind is written, once."""
    writer = next((each for known, each in _WRITERS if issubclass(kind, known)), None)
    _FOUND[kind] = writer or _record_writer(kind)
    return _FOUND[kind]


def _record_writer(kind: type) -> Callable[[object], object]:
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is not kept as JSON")
    names = tuple(each.name for each in fields(kind))
    return lambda value: {name: to_json(getattr(value, name)) for name in names}


def _as_it_is(value: object) -> object:
    return value


_FOUND: dict[type, Callable[[object], object]] = {}
"""How the kinds met so far are written: thousands of values of few kinds come here."""

_WRITERS: tuple[tuple[type, Callable[[object], object]], ...] = (
    (Enum, attrgetter("value")),
    (NoneType, _as_it_is),
    (int, _as_it_is),
    (str, _as_it_is),
    (Decimal, str),
    (date, methodcaller("isoformat")),
    (Money, lambda value: [str(cast("Money", value).amount), cast("Money", value).currency.code]),
    (tuple, lambda value: [to_json(item) for item in cast("Sequence[object]", value)]),
    (
        Mapping,
        lambda value: {
            str(to_json(key)): to_json(item)
            for key, item in cast("Mapping[object, object]", value).items()
        },
    ),
)


@lru_cache(maxsize=256)
def _reader(kind: Hashable) -> Callable[[object], object]:
    """Find how a kind is read, once."""
    arguments = get_args(kind)
    if get_origin(kind) is UnionType or NoneType in arguments:
        inner = _reader(next(each for each in arguments if each is not NoneType))
        return lambda written: None if written is None else inner(written)
    if get_origin(kind) is tuple:
        item = _reader(arguments[0])
        return lambda written: tuple(map(item, cast("Sequence[object]", written)))
    if get_origin(kind) is not None:
        key, item = _reader(arguments[0]), _reader(arguments[1])
        return lambda written: {
            key(each): item(value) for each, value in cast("Mapping[str, object]", written).items()
        }
    return _plain_reader(kind)


_PLAIN: Mapping[object, Callable[[object], object]] = {
    int: lambda written: written,
    bool: lambda written: written,
    str: lambda written: written,
    Decimal: lambda written: Decimal(str(written)),
    datetime: lambda written: datetime.fromisoformat(str(written)),
    date: lambda written: date.fromisoformat(str(written)),
    Money: lambda written: money(*cast("Sequence[str]", written)),
}


def _plain_reader(kind: object) -> Callable[[object], object]:
    named = getattr(kind, "__supertype__", kind)
    if named in _PLAIN:
        return _PLAIN[named]
    if isinstance(named, type) and issubclass(named, Enum):
        return named
    if isinstance(named, type) and is_dataclass(named):
        return _record_reader(named)
    raise TypeError(f"{kind} is not kept as JSON")


def _record_reader(kind: type) -> Callable[[object], object]:
    hints = get_type_hints(kind)
    readers = {each.name: _reader(hints[each.name]) for each in fields(kind)}
    optional = {
        each.name
        for each in fields(kind)
        if each.default is not MISSING or each.default_factory is not MISSING
    }

    def read(written: object) -> object:
        record = cast("Mapping[str, object]", written)
        given = {name: reader(record[name]) for name, reader in readers.items() if name in record}
        missing = readers.keys() - given.keys() - optional
        if missing:
            raise TypeError(f"{kind.__name__} as kept lacks {', '.join(sorted(missing))}")
        return kind(**given)

    return read
