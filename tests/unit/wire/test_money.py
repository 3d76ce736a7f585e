"""Amounts of money, there and back."""

from decimal import Decimal

import pytest
from google.type.money_pb2 import Money as WireMoney
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import InvalidInput
from services.kernel.money import Money, from_minor, money
from services.wire.money import from_wire_money, money_flaw, to_wire_exact, to_wire_money
from tests.unit.wire.values import amounts


@given(amounts)
def test_reads_back_what_it_wrote(amount: Money) -> None:
    assert from_wire_money(to_wire_money(amount), "total") == amount


@given(amounts)
def test_writes_units_and_nanos_of_one_sign(amount: Money) -> None:
    wire = to_wire_money(amount)
    assert wire.units * wire.nanos >= 0
    assert money_flaw(wire) is None


@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**31), 2**31 - 1))
def test_reads_an_amount_exactly_or_says_what_is_wrong(units: int, nanos: int) -> None:
    wire = WireMoney(currency_code="CNY", units=units, nanos=nanos)
    if money_flaw(wire) is None:
        exact = Decimal(units) + Decimal(nanos).scaleb(-9)
        assert from_wire_money(wire, "total").amount == exact
    else:
        with pytest.raises(InvalidInput):
            from_wire_money(wire, "total")


@pytest.mark.parametrize(
    ("code", "units", "nanos", "word"),
    [
        ("", 1, 0, "currency"),
        ("XYZ", 1, 0, "currency"),
        ("cny", 1, 0, "currency"),
        ("CNY", 1, -10_000_000, "signs"),
        ("CNY", -1, 10_000_000, "signs"),
        ("CNY", 0, 1_000_000, "decimals"),
        ("JPY", 0, 10_000_000, "decimals"),
        ("CNY", 10**15, 0, "digits"),
        ("CNY", 0, 10**9, "nanos"),
    ],
)
def test_refuses_what_is_no_amount_and_names_the_field(
    code: str, units: int, nanos: int, word: str
) -> None:
    with pytest.raises(InvalidInput, match=word) as refusal:
        from_wire_money(WireMoney(currency_code=code, units=units, nanos=nanos), "minimum")
    assert [violation.field for violation in refusal.value.violations] == ["minimum"]


def test_writes_a_loss_of_half_a_yuan() -> None:
    wire = to_wire_money(money("-0.50"))
    assert (wire.currency_code, wire.units, wire.nanos) == ("CNY", 0, -500_000_000)


def test_writes_exact_decimals_of_a_currency() -> None:
    assert to_wire_exact(Decimal("1.5")) == to_wire_money(from_minor(150))
