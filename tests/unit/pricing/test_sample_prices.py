"""The invented prices: made again from their seed they are the same; and they say what they are."""

import csv
import runpy
from pathlib import Path

import pytest

from tests.builders.price_requests import SAMPLES
from tests.builders.pricing import calendar

MAKER = runpy.run_path(str(SAMPLES / "make_prices.py"))


@pytest.mark.parametrize("recipe", ["CEA", "CCER"])
def test_are_made_again_from_one_seed(recipe: str) -> None:
    made = MAKER["rows_of"](MAKER[recipe], calendar().trading_days(MAKER["PERIOD"]))
    path: Path = SAMPLES / "group" / "prices" / MAKER[recipe].file
    with path.open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == list(MAKER["COLUMNS"])
    assert rows == list(made)


@pytest.mark.parametrize("file", ["README.md", "series.yaml"])
def test_say_that_they_are_invented(file: str) -> None:
    text = (SAMPLES / "group" / "prices" / file).read_text(encoding="utf-8")
    assert "invented" in text.lower()
