"""Prices, trades and internal transfers: what the market and the desk report."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from tanheng.pricing.v1 import price_service_pb2, price_service_pb2_grpc
from tanheng.settlement.v1 import trade_pb2, trade_service_pb2, trade_service_pb2_grpc

from clients.cli.connection import Connection, new_request_id
from clients.cli.errors import InputRefused, Violation
from clients.cli.loading.report import Remark, Report, answered, create_each, remarks
from clients.cli.messages import Record
from clients.cli.records import Row

TRANSFERS = uuid.UUID("6a0e6a86-5a0c-4c9b-8f7e-2b1f5d3c9e10")


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a file that somebody else laid out.

    ``columns`` names the column of a field, ``where`` keeps only rows with these values, and
    ``constants`` sets fields that the file does not have. With ``columns`` no other one is read.
    """

    columns: Record = field(default_factory=dict)
    where: Record = field(default_factory=dict)
    constants: Record = field(default_factory=dict)

    def apply(self, rows: Sequence[Row]) -> list[Row]:
        """Read the rows so.

        Raises:
            InputRefused: a column is not there.
        """
        return [Row(row.number, self._read(row)) for row in rows if self._keeps(row)]

    def _keeps(self, row: Row) -> bool:
        return all(_cell(row, column) == value for column, value in self.where.items())

    def _read(self, row: Row) -> Record:
        if not self.columns:
            return {**row.record, **self.constants}
        named = {name: _cell(row, str(column)) for name, column in self.columns.items()}
        return {**named, **self.constants}


def create_price_series(connection: Connection, record: Record) -> Report:
    """Open a price series: ``price_series_id``, ``instrument``, ``venue``, ``license_note``."""
    stub = price_service_pb2_grpc.PriceServiceStub(connection.channel)

    def create(row: Row) -> str:
        inner = dict(row.record)
        nested = {
            "price_series_id": inner.pop("price_series_id", None),
            "price_series": inner,
            "request_id": new_request_id(),
        }
        request = Row(row.number, nested).into(price_service_pb2.CreatePriceSeriesRequest())
        return connection.call(stub.CreatePriceSeries, request).name

    return create_each(Report("price series"), [Row(1, record)], create)


def load_prices(
    connection: Connection,
    rows: Sequence[Row],
    *,
    series: str,
    source: str,
    validate_only: bool = False,
) -> Report:
    """Import daily prices into a series, or look at what an import would do."""
    stub = price_service_pb2_grpc.PriceServiceStub(connection.channel)
    report = Report(f"prices of {series}", is_trial=validate_only)

    def send(read: Sequence[price_service_pb2.PriceRow]) -> price_service_pb2.ImportPricesResponse:
        request = price_service_pb2.ImportPricesRequest(
            series=series,
            rows=read,
            source=source,
            validate_only=validate_only,
            request_id=new_request_id(),
        )
        return connection.call(stub.ImportPrices, request)

    for sent, answer in answered(report, rows, price_service_pb2.PriceRow, send):
        report.accepted_count += answer.accepted_count - answer.already_recorded_count
        report.already_there_count += answer.already_recorded_count
        report.rejections += remarks(sent, answer.rejections)
        report.warnings += remarks(sent, answer.warnings)
        report.warnings += _to_settle_again(answer)
    return report


def load_trades(connection: Connection, rows: Sequence[Row]) -> Report:
    """Record executed trades."""
    stub = trade_service_pb2_grpc.TradeServiceStub(connection.channel)
    report = Report("trades")

    def send(read: Sequence[trade_pb2.Trade]) -> trade_service_pb2.RecordTradesResponse:
        request = trade_service_pb2.RecordTradesRequest(trades=read, request_id=new_request_id())
        return connection.call(stub.RecordTrades, request)

    for sent, answer in answered(report, rows, trade_pb2.Trade, send):
        report.accepted_count += answer.accepted_count
        report.already_there_count += answer.already_recorded_count
        report.rejections += remarks(sent, answer.rejections)
        report.warnings += remarks(sent, answer.warnings)
    return report


def load_transfers(connection: Connection, rows: Sequence[Row]) -> Report:
    """Move allowances between customers, at the price that the rule gives.

    The request id follows from the row, so that importing a file again moves nothing twice.
    """
    stub = trade_service_pb2_grpc.TradeServiceStub(connection.channel)

    def transfer(row: Row) -> str:
        request = trade_service_pb2.TransferAllowancesRequest(request_id=_id_of_row(row))
        return connection.call(stub.TransferAllowances, row.into(request)).name

    return create_each(Report("internal transfers"), rows, transfer)


def _to_settle_again(answer: price_service_pb2.ImportPricesResponse) -> list[Remark]:
    """Name what used days that say something else now."""
    return [
        Remark(0, each.name, "SETTLE_AGAIN", f"{each.use}; {each.way_out}")
        for each in answer.dependents
    ]


def _id_of_row(row: Row) -> str:
    text = json.dumps([row.number, sorted((key, str(row.record[key])) for key in row.record)])
    return str(uuid.uuid5(TRANSFERS, text))


def _cell(row: Row, column: str) -> object:
    if column not in row.record:
        known = ", ".join(row.record)
        raise InputRefused(
            f"row {row.number} cannot be read",
            violations=(Violation(column, f"is no column; there are {known}"),),
        )
    return row.record[column]
