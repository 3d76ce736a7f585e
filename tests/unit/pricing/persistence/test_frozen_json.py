import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services.kernel.instrument import InstrumentKind
from services.kernel.money import Money, money
from services.pricing.persistence.frozen_json import from_json, to_json


@dataclass(frozen=True, slots=True)
class Inner:
    day: date
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Outer:
    kind: InstrumentKind
    amount: Money
    moment: datetime
    parts: tuple[Inner, ...]
    factors: Mapping[InstrumentKind, Decimal]
    count: int = 3


VALUE = Outer(
    InstrumentKind.CCER,
    money("12.30"),
    datetime(2025, 1, 2, 3, tzinfo=UTC),
    (Inner(date(2025, 1, 2), Decimal("0.10")), Inner(date(2025, 1, 3), None)),
    {InstrumentKind.CEA: Decimal("0.9")},
)


def test_reads_back_what_it_wrote() -> None:
    text = json.dumps(to_json(VALUE))
    again = from_json(Outer, json.loads(text))
    assert again == VALUE
    assert str(again.parts[0].price) == "0.10"


def test_writes_no_binary_number() -> None:
    text = json.dumps(to_json(VALUE))
    json.loads(text, parse_float=lambda number: pytest.fail(f"{number} is binary"))


def test_reads_an_older_record_by_the_default_of_a_later_field() -> None:
    record = to_json(VALUE)
    assert isinstance(record, dict)
    del record["count"]
    assert from_json(Outer, record).count == 3


def test_refuses_a_record_that_lacks_a_field() -> None:
    record = to_json(VALUE)
    assert isinstance(record, dict)
    del record["amount"]
    with pytest.raises(TypeError, match="lacks amount"):
        from_json(Outer, record)


def test_refuses_what_it_does_not_know() -> None:
    with pytest.raises(TypeError, match="not kept as JSON"):
        to_json(1.5)
