"""Rows of an import ⇄ wire. A field that cannot be read refuses its row, never the batch."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from google.type.date_pb2 import Date as WireDate
from google.type.decimal_pb2 import Decimal as WireDecimal
from google.type.money_pb2 import Money as WireMoney
from tanheng.pricing.v1 import price_service_pb2

from services.kernel.errors import InvalidInput
from services.kernel.money import Money
from services.pricing.domain.price_point import PriceQuality
from services.pricing.domain.reported_row import ReportedRow, RowIssue
from services.wire.dates import from_wire_date
from services.wire.enums import from_wire_enum
from services.wire.money import from_wire_money
from services.wire.numbers import from_wire_decimal

Wire = TypeVar("Wire", WireDate, WireDecimal, WireMoney)
Value = TypeVar("Value", date, Decimal, Money)


def from_wire_rows(rows: Sequence[price_service_pb2.PriceRow]) -> list[ReportedRow]:
    """Read a batch, each row as far as it can be read."""
    return [_from_wire_row(index, row) for index, row in enumerate(rows)]


def to_wire_issue(issue: RowIssue) -> price_service_pb2.RowIssue:
    """Write what is said about a row."""
    return price_service_pb2.RowIssue(
        row=issue.row, field=issue.field, reason=issue.reason, message=issue.message
    )


def _from_wire_row(index: int, wire: price_service_pb2.PriceRow) -> ReportedRow:
    reader = _RowReader(index, wire)
    dated = reader.read("date", wire.date, from_wire_date, "NOT_A_DATE")
    close = reader.read("close", wire.close, from_wire_decimal, "NOT_A_NUMBER")
    low = reader.read("low", wire.low, from_wire_decimal, "NOT_A_NUMBER")
    high = reader.read("high", wire.high, from_wire_decimal, "NOT_A_NUMBER")
    amount = reader.read("amount", wire.amount, from_wire_money, "NOT_A_NUMBER")
    block = reader.read("block_amount", wire.block_amount, from_wire_money, "NOT_A_NUMBER")
    return ReportedRow(
        row=index,
        date=dated,
        close=close,
        low=low,
        high=high,
        volume_tonnes=wire.volume_tonnes if wire.HasField("volume_tonnes") else None,
        amount=amount,
        quality=_quality(wire),
        block_volume_tonnes=(
            wire.block_volume_tonnes if wire.HasField("block_volume_tonnes") else None
        ),
        block_amount=block,
        unreadable=tuple(reader.issues),
    )


class _RowReader:
    """Reads the fields of one row, and remembers those that it could not."""

    def __init__(self, index: int, wire: price_service_pb2.PriceRow) -> None:
        self._index = index
        self._wire = wire
        self.issues: list[RowIssue] = []

    def read(
        self, field: str, value: Wire, parse: Callable[[Wire, str], Value], reason: str
    ) -> Value | None:
        """Read a message field; None when it is unset or cannot be read."""
        if not self._wire.HasField(field):  # type: ignore[arg-type]  # a name handed in
            return None
        try:
            return parse(value, field)
        except InvalidInput as error:
            self.issues.append(RowIssue(self._index, field, reason, error.message))
            return None


def _quality(wire: price_service_pb2.PriceRow) -> PriceQuality | None:
    if wire.quality == price_service_pb2.PRICE_QUALITY_UNSPECIFIED:
        return None
    return from_wire_enum(PriceQuality, wire.quality, price_service_pb2.PriceQuality, "quality")
