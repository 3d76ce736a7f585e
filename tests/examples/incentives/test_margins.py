"""The worked margins of margins.yaml."""

from decimal import Decimal
from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from services.incentives.domain.margin import split_margin
from services.kernel.instrument import GuaranteeSide
from services.kernel.money import money


class Example(TypedDict):
    name: str
    side: str
    tonnes: int
    promised_price: str
    benchmark: str
    gain: str
    fees: str
    drift: str
    skill: str


EXAMPLES: list[Example] = yaml.safe_load(
    Path(__file__).with_name("margins.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_splits_a_margin_as_worked(example: Example) -> None:
    margin = split_margin(
        side=GuaranteeSide(example["side"]),
        tonnes=example["tonnes"],
        promised=Decimal(example["promised_price"]) * example["tonnes"],
        benchmark=Decimal(example["benchmark"]),
        gain=money(example["gain"]),
        fees=money(example["fees"]),
    )
    assert margin.drift == money(example["drift"])
    assert margin.skill == money(example["skill"])
    assert margin.gain == money(example["gain"])
