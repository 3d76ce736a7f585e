"""Requests of PriceService, from tables of text as people keep them."""

import csv
import itertools
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from google.type.decimal_pb2 import Decimal as WireDecimal
from google.type.money_pb2 import Money as WireMoney
from tanheng.common.v1 import common_pb2
from tanheng.pricing.v1 import price_service_pb2 as wire

from services.kernel.money import money
from services.wire.dates import to_wire_date
from services.wire.money import to_wire_money

SAMPLES = Path(__file__).parents[2] / "samples"
_NUMBERS = itertools.count(1)


def read_csv(path: str) -> list[dict[str, str]]:
    with (SAMPLES / path).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day_range(start: str, end: str) -> common_pb2.DateRange:
    return common_pb2.DateRange(
        start_date=to_wire_date(date.fromisoformat(start)),
        end_date=to_wire_date(date.fromisoformat(end)),
    )


def series_request(kind: str = "CEA", *, series_id: str = "") -> wire.CreatePriceSeriesRequest:
    return wire.CreatePriceSeriesRequest(
        price_series=wire.PriceSeries(
            instrument=common_pb2.Instrument(kind=f"INSTRUMENT_KIND_{kind}"),  # type: ignore[arg-type]
            venue="cneeex",
        ),
        price_series_id=series_id or f"series-{next(_NUMBERS)}",
        request_id=str(uuid.uuid4()),
    )


def import_request(series: str, rows: Iterable[wire.PriceRow]) -> wire.ImportPricesRequest:
    return wire.ImportPricesRequest(
        series=series, rows=rows, source="a test", request_id=str(uuid.uuid4())
    )


def price_row(cells: Mapping[str, str]) -> wire.PriceRow:
    """Make a row of the columns of a price file; an empty cell is not set."""
    row = wire.PriceRow(
        date=to_wire_date(date.fromisoformat(cells["date"])),
        quality=f"PRICE_QUALITY_{cells.get('quality') or 'FINAL'}",  # type: ignore[arg-type]
    )
    for column in ("close", "low", "high"):
        if cells.get(column):
            getattr(row, column).CopyFrom(WireDecimal(value=cells[column]))
    for column in ("amount", "block_amount"):
        if cells.get(column):
            getattr(row, column).CopyFrom(yuan(cells[column]))
    for column in ("volume_tonnes", "block_volume_tonnes"):
        if cells.get(column):
            setattr(row, column, int(cells[column]))
    return row


def published_row(cells: Mapping[str, str]) -> wire.PriceRow:
    """Make a row of a published day: its average stands for the close."""
    return price_row(
        {
            "date": cells["trade_date"],
            "close": cells["average_price_cny"],
            "volume_tonnes": cells["volume_tonnes"],
            "amount": cells["amount_cny"],
        }
    )


def yuan(text: str) -> WireMoney:
    return to_wire_money(money(Decimal(text)))
