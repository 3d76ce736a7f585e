"""Enumerations: one word here and there."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tanheng.common.v1 import common_pb2

from services.kernel.authority import RunState
from services.kernel.errors import InvalidInput
from services.kernel.finding import Severity
from services.kernel.instrument import GuaranteeSide, InstrumentKind
from services.kernel.service import CustomerClass, Service
from services.kernel.tiers import ChargeModel
from services.wire.enums import WireEnum, from_wire_enum, to_wire_enum

_PAIRS: list[tuple[type[StrEnum], WireEnum[int]]] = [
    (ChargeModel, common_pb2.ChargeModel),
    (CustomerClass, common_pb2.CustomerClass),
    (GuaranteeSide, common_pb2.GuaranteeSide),
    (InstrumentKind, common_pb2.InstrumentKind),
    (RunState, common_pb2.RunState),
    (Service, common_pb2.Service),
    (Severity, common_pb2.Severity),
]
_every_pair = pytest.mark.parametrize(("kind", "wire"), _PAIRS, ids=str)


@_every_pair
def test_reads_back_every_word(kind: type[StrEnum], wire: WireEnum[int]) -> None:
    for member in kind:
        assert from_wire_enum(kind, to_wire_enum(member, wire), wire, "field") is member


@_every_pair
def test_the_contract_has_no_word_that_the_house_lacks(
    kind: type[StrEnum], wire: WireEnum[int]
) -> None:
    assert len(wire.DESCRIPTOR.values) == len(kind) + 1  # and UNSPECIFIED


@_every_pair
def test_refuses_what_was_not_said(kind: type[StrEnum], wire: WireEnum[int]) -> None:
    with pytest.raises(InvalidInput, match="UNSPECIFIED") as refusal:
        from_wire_enum(kind, 0, wire, "side")
    assert refusal.value.violations[0].field == "side"


@given(st.integers(-(2**31), 2**31 - 1).filter(lambda value: not 0 <= value <= 9))
def test_refuses_a_word_of_another_version(value: int) -> None:
    with pytest.raises(InvalidInput, match="GRADUATED"):
        from_wire_enum(ChargeModel, value, common_pb2.ChargeModel, "charge_model")
