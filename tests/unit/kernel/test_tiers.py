"""Charges by tiers: every worked figure of the management fee that is a full year's charge."""

from decimal import Decimal

import pytest

from services.kernel.errors import InvalidInput
from services.kernel.money import from_minor, money, round_money
from services.kernel.tiers import (
    ChargeModel,
    InvalidTier,
    Tier,
    TiersDoNotTile,
    charge,
    check_tiers,
    graduated_parts,
)

FLAT, GRADUATED, VOLUME = ChargeModel.FLAT, ChargeModel.GRADUATED, ChargeModel.VOLUME


def tier(up_to: str | None, price: str, flat: str | None = None) -> Tier:
    bound = None if up_to is None else Decimal(up_to)
    return Tier(bound, Decimal(price), None if flat is None else money(flat))


INTERNAL = (tier("1000000", "0.35"), tier("5000000", "0.30"), tier(None, "0.25"))
WITH_FLAT_AMOUNTS = (
    tier("1000000", "0.35", "10000"),
    tier("5000000", "0.30", "20000"),
    tier(None, "0.25", "30000"),
)


@pytest.mark.parametrize(
    ("scale", "model", "tiers", "expected"),
    [
        ("8200000", GRADUATED, INTERNAL, "2350000.00"),
        ("8200000", VOLUME, INTERNAL, "2050000.00"),
        ("8200000", GRADUATED, WITH_FLAT_AMOUNTS, "2410000.00"),
        ("8200000", VOLUME, WITH_FLAT_AMOUNTS, "2080000.00"),
        ("5000000", VOLUME, INTERNAL, "1500000.00"),
        ("5000001", VOLUME, INTERNAL, "1250000.25"),
        ("8650000", GRADUATED, INTERNAL, "2462500.00"),
        ("200000", FLAT, (tier(None, "0.40"),), "80000.00"),
        ("200000", FLAT, (tier(None, "0.30"),), "60000.00"),
        ("0", GRADUATED, WITH_FLAT_AMOUNTS, "0.00"),
        ("0", VOLUME, WITH_FLAT_AMOUNTS, "0.00"),
    ],
)
def test_charges_a_scale_as_the_worked_figures_say(
    scale: str, model: ChargeModel, tiers: tuple[Tier, ...], expected: str
) -> None:
    assert charge(Decimal(scale), model=model, tiers=tiers) == Decimal(expected)


@pytest.mark.parametrize(
    ("scale", "price", "days", "expected"),
    [
        ("8200000", "0.30", 181, "1219890.41"),
        ("8200000", "0.28", 184, "1157435.62"),
        ("8650000", "0.30", 181, "1286835.62"),
        ("8650000", "0.28", 184, "1220953.42"),
    ],
)
def test_charges_a_part_of_a_year_by_its_days(
    scale: str, price: str, days: int, expected: str
) -> None:
    annual = charge(Decimal(scale), model=FLAT, tiers=(tier(None, price),))
    assert round_money(annual * days / 365) == money(expected)


def test_gives_a_fraction_between_two_bounds_to_the_upper_tier() -> None:
    scale = Decimal("5000000.001")
    assert charge(scale, model=VOLUME, tiers=INTERNAL) == scale * Decimal("0.25")


def test_cuts_a_scale_into_the_tiers_that_it_enters() -> None:
    parts = graduated_parts(Decimal(1_200_000), INTERNAL)
    assert [tonnes for _, tonnes, _ in parts] == [Decimal(1_000_000), Decimal(200_000)]


@pytest.mark.parametrize(
    "bounds",
    [
        [],
        ["1000"],
        [None, None],
        ["1000", "1000", None],
        ["2000", "1000", None],
        ["0", None],
        ["-1", None],
    ],
)
def test_refuses_tiers_that_do_not_tile(bounds: list[str | None]) -> None:
    tiers = [tier(bound, "0.30") for bound in bounds]
    with pytest.raises(TiersDoNotTile):
        check_tiers(tiers, model=GRADUATED)


def test_refuses_a_second_tier_where_there_is_one_price_for_all() -> None:
    with pytest.raises(TiersDoNotTile, match="exactly one"):
        check_tiers(INTERNAL, model=FLAT)


def test_names_every_price_below_zero() -> None:
    wrong = [Tier(Decimal(10), Decimal(-1), from_minor(-1)), tier(None, "-0.5")]
    with pytest.raises(InvalidTier) as caught:
        check_tiers(wrong, model=GRADUATED)
    fields = [violation.field for violation in caught.value.violations]
    assert fields == ["tiers[0].unit_price", "tiers[0].flat_amount", "tiers[1].unit_price"]


def test_lets_a_service_cost_nothing() -> None:
    free = (tier(None, "0"),)
    check_tiers(free, model=FLAT)
    assert charge(Decimal(8_200_000), model=FLAT, tiers=free) == 0


def test_is_an_error_of_the_request_and_not_of_the_books() -> None:
    assert issubclass(InvalidTier, InvalidInput)
    assert TiersDoNotTile.reason == "TIERS_DO_NOT_TILE"
