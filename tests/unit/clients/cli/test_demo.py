"""What the demo computes itself: dates, and whether two figures agree."""

from datetime import date
from pathlib import Path

import pytest

from clients.cli.demo.group import Group
from clients.cli.demo.published import Compared, last_weekday
from clients.cli.demo.story import last_day, later
from clients.cli.errors import InputRefused


@pytest.mark.parametrize(
    ("published", "answered", "agrees"),
    [
        ("73.58", "73.583585", True),
        ("73.58", "73.585", False),
        ("16533536.68", "16533536.68", True),
        ("1084151", "1084151", True),
        ("1084151", "1084150", False),
    ],
)
def test_compares_at_the_places_that_were_published(
    *, published: str, answered: str, agrees: bool
) -> None:
    assert Compared("a figure", published, answered).agrees is agrees


@pytest.mark.parametrize(
    ("year", "day"),
    [(2021, "2021-12-31"), (2022, "2022-12-30"), (2023, "2023-12-29"), (2025, "2025-12-31")],
)
def test_finds_the_last_working_day_of_a_year(year: int, day: str) -> None:
    assert last_weekday(year) == date.fromisoformat(day)


def test_counts_months_over_the_turn_of_a_year() -> None:
    assert [later("2025-11", count) for count in range(3)] == ["2025-11", "2025-12", "2026-01"]


def test_knows_the_last_day_of_february() -> None:
    assert (last_day("2025-02"), last_day("2024-02")) == ("2025-02-28", "2024-02-29")


def test_takes_the_rows_of_one_month(tmp_path: Path) -> None:
    (tmp_path / "trades.csv").write_text(
        "external_id,trade_date\na,2025-01-31\nb,2025-02-03\n", encoding="utf-8"
    )
    rows = Group(tmp_path).rows_of_month("trades.csv", "2025-02")
    assert [row.record["external_id"] for row in rows] == ["b"]
    assert rows[0].number == 3


def test_says_which_file_of_the_samples_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=r"group\.yaml"):
        Group(tmp_path).file("group.yaml")
