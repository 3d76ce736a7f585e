"""The sample group: what its README says of it holds."""

import csv
import runpy
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TypedDict

import pytest
import yaml

SAMPLES = Path(__file__).parents[3] / "samples"
GROUP = SAMPLES / "group"
FILES = {"CEA": "cea-composite.csv", "CCER": "ccer-composite.csv"}


class Customer(TypedDict):
    customer_id: str
    customer_class: str
    display_name: str


class Contract(TypedDict):
    customer: str
    side: str


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def customers() -> list[Customer]:
    found: list[Customer] = yaml.safe_load((GROUP / "group.yaml").read_text("utf-8"))["customers"]
    return found


def contracts() -> list[Contract]:
    text = (GROUP / "contracts.yaml").read_text("utf-8")
    found: list[Contract] = yaml.safe_load(text)["contracts"]
    return found


def trades() -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Every trade with the invented prices of its day."""
    days = {
        kind: {row["date"]: row for row in table(GROUP / "prices" / file)}
        for kind, file in FILES.items()
    }
    for trade in table(GROUP / "trades.csv"):
        yield trade, days[trade["instrument"].partition("-")[0]][trade["trade_date"]]


def test_every_name_is_labelled_as_invented() -> None:
    assert all("虚构" in customer["display_name"] for customer in customers())


def test_scales_lie_between_300_000_and_12_million_tonnes_and_add_up_to_80_million() -> None:
    scales = [int(row["tonnes"]) for row in table(GROUP / "scales.csv")]
    assert (min(scales), max(scales)) == (300_000, 12_000_000)
    assert abs(sum(scales) - 80_000_000) < 1_000_000
    assert len(scales) == len(customers())


def test_every_plant_of_the_group_has_one_contract() -> None:
    plants = {
        f"customers/{c['customer_id']}" for c in customers() if c["customer_class"] == "INTERNAL"
    }
    promised = [contract["customer"] for contract in contracts()]
    assert sorted(promised) == sorted(plants)


def test_every_trade_fits_the_market_of_its_day() -> None:
    for trade, day in trades():
        price, tonnes = Decimal(trade["unit_price"]), int(trade["tonnes"])
        assert Decimal(day["low"]) <= price <= Decimal(day["high"])
        block = trade["mode"] == "BLOCK"
        assert (tonnes >= 100_000) == block
        assert tonnes <= int(day["block_volume_tonnes" if block else "volume_tonnes"])


@pytest.mark.parametrize("month", [f"2025-{number:02d}" for number in range(1, 13)])
def test_each_month_has_trades_earmarked_and_bundled(month: str) -> None:
    rows = [trade for trade, _ in trades() if trade["trade_date"].startswith(month)]
    assert {bool(trade["contract"]) for trade in rows} == {True, False}


def test_the_script_makes_the_same_trades_again(tmp_path: Path) -> None:
    script = runpy.run_path(str(SAMPLES / "make_group.py"))
    script["write_trades"](tmp_path / "trades.csv")
    assert (tmp_path / "trades.csv").read_bytes() == (GROUP / "trades.csv").read_bytes()
