"""A report as a file."""

import csv
import io
from datetime import date
from decimal import Decimal

from tanheng.incentives.v1 import incentive_service_pb2 as wire

from services.incentives.api.report_translation import to_wire_report
from services.incentives.domain.report import Report, ReportCell


def written(*rows: tuple[ReportCell, ...]) -> list[list[str]]:
    pieces = to_wire_report(Report(("line", "note"), rows), wire.REPORT_FORMAT_CSV)
    text = b"".join(piece.data for piece in pieces).decode()
    return list(csv.reader(io.StringIO(text)))


def test_writes_one_table_with_its_header() -> None:
    rows = written(("award", "碳资产"), (Decimal("-12.00"), date(2025, 4, 1)), ("total", None))
    assert rows == [["line", "note"], ["award", "碳资产"], ["-12.00", "2025-04-01"], ["total", ""]]


def test_keeps_a_spreadsheet_from_reading_text_as_a_formula() -> None:
    assert written(("=1+1", "@x"))[1:] == [["'=1+1", "'@x"]]


def test_writes_a_workbook() -> None:
    first = next(to_wire_report(Report(("line",), (("award",),)), wire.REPORT_FORMAT_XLSX))
    assert first.data.startswith(b"PK")
    assert "spreadsheetml" in first.content_type
