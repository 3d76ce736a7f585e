"""A report as comma-separated text."""

import csv
import io

from services.incentives.api.report_translation import to_wire_report
from services.incentives.domain.report import Report


def written(*rows: tuple[str, ...]) -> list[list[str]]:
    chunks = to_wire_report(Report(("line", "note"), rows))
    data = b"".join(chunk.data for chunk in chunks)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_writes_one_table_with_its_header() -> None:
    assert written(("award", "碳资产")) == [["line", "note"], ["award", "碳资产"]]


def test_keeps_a_spreadsheet_from_reading_text_as_a_formula() -> None:
    assert written(("=1+1", "-12.00"), ("@x", "+y"))[1:] == [["'=1+1", "-12.00"], ["'@x", "'+y"]]


def test_cuts_a_long_report_into_chunks() -> None:
    report = Report(("line",), tuple((f"{number:040d}",) for number in range(5000)))
    chunks = list(to_wire_report(report))
    assert len(chunks) > 1
    assert all(chunk.content_type == "text/csv; charset=utf-8" for chunk in chunks)
