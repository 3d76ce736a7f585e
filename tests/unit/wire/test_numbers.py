"""Exact decimals, there and back."""

from decimal import Decimal

import pytest
from google.type.decimal_pb2 import Decimal as WireDecimal
from hypothesis import given
from hypothesis import strategies as st
from tanheng.common.v1 import common_pb2

from services.kernel.errors import InvalidInput
from services.wire.numbers import (
    decimal_flaw,
    from_wire_decimal,
    from_wire_optional_decimal,
    to_wire_decimal,
)
from tests.unit.wire.values import decimals


@given(decimals)
def test_reads_back_what_it_wrote(value: Decimal) -> None:
    assert from_wire_decimal(to_wire_decimal(value), "rate") == value


@given(decimals)
def test_writes_a_number_in_one_way_only(value: Decimal) -> None:
    written = to_wire_decimal(value).value
    assert written == to_wire_decimal(value * Decimal("1.000")).value
    assert not written.endswith(".")
    assert written != "-0"


@given(st.text(max_size=30))
def test_never_fails_to_say_whether_a_text_is_a_number(text: str) -> None:
    if decimal_flaw(text) is None:
        assert Decimal(text).is_finite()
        assert text.isascii()


@pytest.mark.parametrize(
    "text",
    [
        *("", " 1", "1 ", "1\n", "+1", "--1", ".5", "5.", "1e3", "0x1", "1,000"),
        *("NaN", "Infinity", "５７", "٣", "1" * 16, "0.1234567"),
    ],
)
def test_refuses_what_is_not_plain_and_names_the_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        from_wire_decimal(WireDecimal(value=text), "tiers[2].unit_price")
    assert [violation.field for violation in refusal.value.violations] == ["tiers[2].unit_price"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0", "0"),
        ("-0.00", "0"),
        ("57.680", "57.68"),
        ("1E+3", "1000"),
        ("0.1234565", "0.123457"),
        ("-0.1234565", "-0.123457"),
        ("0.0000001", "0"),
    ],
)
def test_writes_plainly_and_rounds_half_away_from_zero(value: str, written: str) -> None:
    assert to_wire_decimal(Decimal(value)).value == written


def test_tells_an_unset_number_from_zero() -> None:
    zero = common_pb2.Tier(up_to=WireDecimal(value="0"))
    assert from_wire_optional_decimal(zero, "up_to") == 0
    assert from_wire_optional_decimal(common_pb2.Tier(), "up_to") is None
