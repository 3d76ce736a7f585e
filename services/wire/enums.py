"""Enumerations: the same words, with the enum's name before them on the wire."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Protocol, TypeVar

from google.protobuf.descriptor import EnumDescriptor

from services.wire.refusal import refused

Member = TypeVar("Member", bound=StrEnum)
Wire_co = TypeVar("Wire_co", bound=int, covariant=True)


class WireEnum(Protocol[Wire_co]):
    """What generated code offers of an enum."""

    @property
    def DESCRIPTOR(self) -> EnumDescriptor:  # noqa: N802 - generated name
        """Its descriptor."""
        ...

    def Value(self, name: str) -> Wire_co:  # noqa: N802 - generated name
        """Its number for a name."""
        ...


def from_wire_enum(kind: type[Member], value: int, wire_enum: WireEnum[int], field: str) -> Member:
    """Read a value: CHARGE_MODEL_GRADUATED is GRADUATED.

    Raises:
        InvalidInput: not said, or not a value of this version of the contract.
    """
    known = wire_enum.DESCRIPTOR.values_by_number.get(value)
    word = known.name.removeprefix(_prefix(wire_enum.DESCRIPTOR)) if known else ""
    if word not in kind.__members__:
        offered = ", ".join(sorted(kind.__members__))
        raise refused(field, f"{known.name if known else value} is not offered; one of {offered}")
    return kind[word]


def to_wire_enum(member: StrEnum, wire_enum: WireEnum[Wire_co]) -> Wire_co:
    """Write a value."""
    return wire_enum.Value(f"{_prefix(wire_enum.DESCRIPTOR)}{member.name}")


@lru_cache(maxsize=256)
def _prefix(descriptor: EnumDescriptor) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", descriptor.name).upper() + "_"
