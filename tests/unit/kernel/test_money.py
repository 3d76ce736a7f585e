"""Money: built exactly, rounded half away from zero, split without losing a fen."""

from decimal import Decimal

import pytest

from services.kernel.money import (
    NotMoney,
    from_minor,
    minor_decimals,
    money,
    round_money,
    split_money,
    sum_money,
    to_minor,
)
from services.kernel.tonnes import Tonnes, split_tonnes


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        ("100.00", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("-100.00", [1, 1, 1], ["-33.34", "-33.33", "-33.33"]),
        ("0.05", [1, 0, 1], ["0.03", "0.00", "0.02"]),
        ("0.01", [1, 1, 2], ["0.00", "0.00", "0.01"]),
        ("0.00", [3, 5], ["0.00", "0.00"]),
        ("720472.04", [5001, 3000, 2000], ["360272.04", "216120.00", "144080.00"]),
        (
            "720472.04",
            [5000, 3000, 1500, 501],
            ["360200.00", "216120.00", "108060.00", "36092.04"],
        ),
        ("100.01", [5001, 3000, 2000], ["50.01", "30.00", "20.00"]),
        ("1000000.00", [50, 30, 20], ["500000.00", "300000.00", "200000.00"]),
    ],
)
def test_splits_an_amount_to_the_fen(total: str, weights: list[int], parts: list[str]) -> None:
    assert split_money(money(total), weights) == [money(part) for part in parts]


@pytest.mark.parametrize(
    ("weights", "parts"),
    [
        ([50_000, 30_000, 20_001], [5001, 3000, 2000]),
        ([40_000, 30_000, 20_001], [4445, 3334, 2222]),
    ],
)
def test_splits_whole_tonnes(weights: list[int], parts: list[int]) -> None:
    assert split_tonnes(Tonnes(10_001), weights) == parts


@pytest.mark.parametrize("weights", [[1, -1], [0, 0], []])
def test_refuses_weights_that_nothing_can_be_split_by(weights: list[int]) -> None:
    with pytest.raises(NotMoney):
        split_money(money("1.00"), weights)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("2.675", "2.68"),
        ("1.004999999999", "1.00"),
        ("-0.001", "0.00"),
        ("0.015", "0.02"),
        ("0.025", "0.03"),
    ],
)
def test_rounds_half_away_from_zero(exact: str, rounded: str) -> None:
    assert round_money(Decimal(exact)) == money(rounded)


def test_never_writes_a_negative_zero() -> None:
    assert str(round_money(Decimal("-0.001")).amount) == "0.00"


@pytest.mark.parametrize("amount", ["1.001", "NaN", "Infinity", "-Infinity", "one", "", "1,000"])
def test_refuses_what_is_not_an_exact_amount(amount: str) -> None:
    with pytest.raises(NotMoney):
        money(amount)


@pytest.mark.parametrize("binary", [0.1, True])
def test_refuses_binary_numbers(binary: Decimal) -> None:
    with pytest.raises(NotMoney, match="binary"):
        money(binary)


def test_refuses_a_currency_that_does_not_exist() -> None:
    with pytest.raises(NotMoney):
        money("1.00", "XXZ")


@pytest.mark.parametrize(
    ("currency", "decimals", "fits", "does_not"),
    [("CNY", 2, "1.01", "1.001"), ("JPY", 0, "1", "1.5"), ("KWD", 3, "1.001", "1.0001")],
)
def test_knows_the_decimals_of_a_currency(
    currency: str, decimals: int, fits: str, does_not: str
) -> None:
    assert minor_decimals(currency) == decimals
    assert from_minor(to_minor(money(fits, currency)), currency) == money(fits, currency)
    with pytest.raises(NotMoney):
        money(does_not, currency)


def test_never_adds_two_currencies() -> None:
    with pytest.raises(TypeError):
        sum_money([money("1.00"), money("1", "JPY")])


def test_adds_nothing_up_to_zero() -> None:
    assert sum_money([]) == money("0.00")
