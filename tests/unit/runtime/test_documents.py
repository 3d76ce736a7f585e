"""Tables as files."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import fastexcel
import pytest

from services.runtime import documents
from services.runtime.documents import Cell, csv_chunks, xlsx_chunks

HEADER = ("名称", "amount")


def csv_rows(*rows: tuple[Cell, Cell]) -> list[list[str]]:
    text = b"".join(csv_chunks(HEADER, rows)).decode()
    return list(csv.reader(io.StringIO(text)))


def test_csv_writes_every_kind_of_cell_plainly() -> None:
    moment = datetime(2025, 3, 1, tzinfo=UTC)
    rows = csv_rows(('电厂, "一"', Decimal("-0.10")), (date(2025, 3, 1), moment), (None, 7))
    assert rows == [
        list(HEADER),
        ['电厂, "一"', "-0.10"],
        ["2025-03-01", "2025-03-01T00:00:00+00:00"],
        ["", "7"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_csv_disarms_text_that_looks_like_a_formula(text: str) -> None:
    assert csv_rows((text, Decimal(-1)))[1] == [f"'{text}", "-1"]


def test_csv_comes_in_pieces_that_fit_a_message() -> None:
    pieces = list(csv_chunks(HEADER, [("x" * 1000, number) for number in range(1000)]))
    assert len(pieces) > 1
    assert max(len(piece) for piece in pieces) <= documents.CHUNK_BYTES


def sheet_xml(*rows: tuple[Cell, Cell]) -> str:
    content = b"".join(xlsx_chunks("journal", HEADER, rows))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_xlsx_writes_text_and_numbers_as_they_are() -> None:
    xml = sheet_xml(("电厂", Decimal("12345.67")), (None, Decimal("-0.10")))
    for part in ("<t>名称</t>", "<t>电厂</t>", "<v>12345.67</v>", "<v>-0.10</v>"):
        assert part in xml


def test_xlsx_holds_no_formula() -> None:
    xml = sheet_xml(("=HYPERLINK(1)", 1))
    assert "<t>=HYPERLINK(1)</t>" in xml
    assert "<f>" not in xml


def test_xlsx_writes_numbers_too_long_for_a_spreadsheet_as_text() -> None:
    assert "<t>12345678901234567.89</t>" in sheet_xml(("a", Decimal("12345678901234567.89")))


def test_xlsx_goes_on_in_another_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_SHEET_ROWS", 3)
    book = fastexcel.read_excel(b"".join(xlsx_chunks("j", HEADER, [("a", n) for n in range(5)])))
    assert book.sheet_names == ["j", "j 2", "j 3"]
