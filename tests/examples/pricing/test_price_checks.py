"""Which days an import believes: a table that an analyst can read and sign."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from services.pricing.domain.price_import import examine_rows
from services.pricing.domain.reported_row import ReportedRow
from tests.builders.pricing import figures, import_rules, recorded, row

TABLE = Path(__file__).with_name("price_checks.csv")


def examples() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def reported(example: dict[str, str]) -> ReportedRow:
    cell = {column: text or None for column, text in example.items()}
    return row(
        example["date"],
        cell["close"],
        low=cell["low"],
        high=cell["high"],
        tonnes=_whole(example["volume_tonnes"]),
        amount=cell["amount"],
        block_tonnes=_whole(example["block_volume_tonnes"]),
        block_amount=cell["block_amount"],
    )


@pytest.mark.parametrize("example", examples(), ids=lambda example: example["what"])
def test_judges_a_day_as_the_table_says(example: dict[str, str]) -> None:
    before = example["previous_date"]
    known = recorded(figures(before, example["previous_close"])) if before else {}
    outcome = examine_rows(rows=[reported(example)], recorded=known, rules=import_rules())
    refused = {issue.reason for issue in outcome.rejections}
    warned = {issue.reason for issue in outcome.warnings}
    expected = set(example["reason"].split())
    assert refused == (expected if example["verdict"] == "refused" else set())
    assert warned == (expected if example["verdict"] == "warned" else set())
    assert outcome.accepted == (example["verdict"] != "refused")


def test_lets_the_average_of_the_published_week_stand_for_its_close() -> None:
    (example,) = [e for e in examples() if e["reason"] == "CLOSE_IS_AVERAGE"]
    outcome = examine_rows(rows=[reported(example)], recorded={}, rules=import_rules())
    assert outcome.new[0].close == Decimal("74.22")


def _whole(text: str) -> int | None:
    return int(text) if text else None
