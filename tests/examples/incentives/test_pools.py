"""The worked pools of pools.yaml."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from services.incentives.domain.split import Claim, split_pool
from services.kernel.money import from_minor, money, to_minor


class Example(TypedDict):
    name: str
    pool: str
    people: dict[str, tuple[int, bool, str | None]]
    awards: dict[str, str]
    unallocated: str


EXAMPLES: list[Example] = yaml.safe_load(
    Path(__file__).with_name("pools.yaml").read_text(encoding="utf-8")
)


def claim(name: str, weight: int, *, executive: bool, pay: str | None) -> Claim:
    cap = None if pay is None else to_minor(money(pay)) * 2 // 3
    return Claim(name, Decimal(weight), cap, executive)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_splits_a_pool_as_worked(example: Example) -> None:
    claims = [
        claim(name, weight, executive=executive, pay=pay)
        for name, (weight, executive, pay) in example["people"].items()
    ]
    pool = to_minor(money(example["pool"]))
    parts = split_pool(pool, claims, executives_limit=Fraction(3, 10))
    assert {name: str(from_minor(fen).amount) for name, fen in parts.items()} == example["awards"]
    assert from_minor(pool - sum(parts.values())) == money(example["unallocated"])
