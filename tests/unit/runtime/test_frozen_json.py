from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services.kernel.instrument import InstrumentKind
from services.kernel.money import Money, money
from services.runtime.frozen_json import (
    UnreadableRecord,
    from_json,
    from_json_text,
    to_json_text,
)


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


def record_of(value: object) -> dict[str, object]:
    record = from_json_text(to_json_text(value))
    assert isinstance(record, dict)
    return record


def test_reads_back_what_it_wrote() -> None:
    again = from_json(Outer, record_of(VALUE))
    assert again == VALUE
    assert str(again.parts[0].price) == "0.10"


def test_writes_decimals_days_and_amounts_as_text() -> None:
    assert record_of(VALUE) == {
        "kind": "CCER",
        "amount": ["12.30", "CNY"],
        "moment": "2025-01-02T03:00:00Z",
        "parts": [
            {"day": "2025-01-02", "price": "0.10"},
            {"day": "2025-01-03", "price": None},
        ],
        "factors": {"CEA": "0.9"},
        "count": 3,
    }


def test_reads_a_moment_as_earlier_versions_wrote_it() -> None:
    record = {**record_of(VALUE), "moment": "2025-01-02T03:00:00+00:00"}
    assert from_json(Outer, record) == VALUE


def test_reads_an_amount_from_whole_fen() -> None:
    assert from_json(Outer, {**record_of(VALUE), "amount": 1230}) == VALUE


def test_reads_an_older_record_by_the_default_of_a_later_field() -> None:
    record = record_of(VALUE)
    del record["count"]
    assert from_json(Outer, record).count == 3


def test_refuses_a_record_that_lacks_a_field() -> None:
    record = record_of(VALUE)
    del record["amount"]
    with pytest.raises(UnreadableRecord, match=r"Outer as kept: .*missing required field `amount`"):
        from_json(Outer, record)


def test_refuses_a_field_of_another_type() -> None:
    with pytest.raises(UnreadableRecord, match=r"\$\.parts\[0\]\.day"):
        from_json(Outer, {**record_of(VALUE), "parts": [{"day": "soon", "price": None}]})


def test_refuses_what_it_does_not_know() -> None:
    with pytest.raises(TypeError, match="complex is not kept as JSON"):
        to_json_text(1j)
