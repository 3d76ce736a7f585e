"""Instruments, and the side of a guarantee."""

from tanheng.common.v1 import common_pb2

from services.kernel.errors import InvalidInput
from services.kernel.instrument import GuaranteeSide, Instrument, InstrumentKind
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.refusal import refused


def from_wire_instrument(value: common_pb2.Instrument, field: str) -> Instrument:
    """Read an instrument.

    Raises:
        InvalidInput: the kind is not said, or the project does not fit the kind.
    """
    kind = from_wire_enum(InstrumentKind, value.kind, common_pb2.InstrumentKind, f"{field}.kind")
    try:
        return Instrument(kind, value.vintage, value.project)
    except InvalidInput as error:
        raise refused(f"{field}.project", error.message) from None


def to_wire_instrument(instrument: Instrument) -> common_pb2.Instrument:
    """Write an instrument."""
    return common_pb2.Instrument(
        kind=to_wire_enum(instrument.kind, common_pb2.InstrumentKind),
        vintage=instrument.vintage,
        project=instrument.project,
    )


def from_wire_side(value: int, field: str = "side") -> GuaranteeSide:
    """Read the side of a guarantee."""
    return from_wire_enum(GuaranteeSide, value, common_pb2.GuaranteeSide, field)


def to_wire_side(side: GuaranteeSide) -> common_pb2.GuaranteeSide.ValueType:
    """Write the side of a guarantee."""
    return to_wire_enum(side, common_pb2.GuaranteeSide)
