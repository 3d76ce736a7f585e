"""How people write amounts, prices, days and instruments."""

import pytest
from google.type.money_pb2 import Money

from clients.cli import spelling


@pytest.mark.parametrize(
    ("text", "units", "nanos"),
    [
        ("2350000.00", 2350000, 0),
        ("0.05", 0, 50_000_000),
        ("-0.01", 0, -10_000_000),
        ("-33.34", -33, -340_000_000),
        ("1,234.50", 1234, 500_000_000),
    ],
)
def test_reads_an_amount_exactly(text: str, units: int, nanos: int) -> None:
    assert spelling.read_money(text) == Money(currency_code="CNY", units=units, nanos=nanos)


@pytest.mark.parametrize("text", ["2350000.00", "0.05", "-33.34", "12.50 USD", "0.123", "0.00"])
def test_writes_an_amount_as_it_reads_it(text: str) -> None:
    assert spelling.write_money(spelling.read_money(text)) == text


@pytest.mark.parametrize("text", ["a lot", "1e400000", "NaN", "inf", "0.0000000001"])
def test_refuses_what_is_not_an_exact_amount(text: str) -> None:
    with pytest.raises(spelling.Misspelt):
        spelling.read_money(text)


@pytest.mark.parametrize("text", ["94,70", "0,30", "1,5", "12,34,567", "1.234,50", ",5", "1,234,5"])
def test_takes_no_comma_for_a_separator_of_thousands_that_may_be_a_point(text: str) -> None:
    with pytest.raises(spelling.Misspelt, match=r"write it as 1234\.56"):
        spelling.read_decimal(text)
    with pytest.raises(spelling.Misspelt):
        spelling.read_money(text)


def test_keeps_the_decimals_of_a_price_as_they_were_written() -> None:
    assert spelling.read_decimal(" 0.350000 ").value == "0.350000"


def test_writes_no_exponent() -> None:
    assert spelling.read_decimal("8.2E+6").value == "8200000"


def test_drops_the_midnight_that_spreadsheets_add_to_a_day() -> None:
    assert spelling.write_date(spelling.read_date("2025-03-01 00:00:00")) == "2025-03-01"


def test_refuses_a_day_that_is_written_otherwise() -> None:
    with pytest.raises(spelling.Misspelt, match="2025-03-01"):
        spelling.read_date("1/3/2025")


@pytest.mark.parametrize("code", ["CEA-2024", "CCER-2024-ningde-deep", "CEA-0"])
def test_writes_an_instrument_as_it_reads_it(code: str) -> None:
    assert spelling.write_instrument(spelling.read_instrument(code)) == code


@pytest.mark.parametrize("code", ["VER-2024", "CEA", "CEA-next", "UNSPECIFIED-x"])
def test_refuses_what_is_no_instrument(code: str) -> None:
    with pytest.raises(spelling.Misspelt):
        spelling.read_instrument(code)
