"""Tables as files, in pieces: CSV for programs, XLSX for people.

A cell is text, a whole number, an exact decimal, a day, a moment, or nothing. Rows come from an
iterator and go out while more are read, so a large file never stands in memory.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.kernel.period import SHANGHAI

Cell = str | int | Decimal | date | datetime | None
Row = Sequence[Cell]

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

CHUNK_BYTES = 128 * 1024
# What a spreadsheet takes for the beginning of a formula, or of a cell of its own.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_SHEET_ROWS = 1_048_576
_LONGEST_CELL = 32_767
_EXACT_DIGITS = 15  # a spreadsheet's numbers are binary; longer ones would lose their last digits


def csv_chunks(header: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Write a table as CSV (RFC 4180, UTF-8), in pieces of about 128 kB.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in chain([header], rows):
        writer.writerow([_csv_text(cell) for cell in row])
        if buffer.tell() >= CHUNK_BYTES:
            yield from _pieces(buffer)
    yield from _pieces(buffer)


def xlsx_chunks(sheet: str, header: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Write a table as an Excel workbook, in pieces of 128 kB; a full sheet goes on in another."""
    with TemporaryFile() as file:
        _write_workbook(file, sheet, header, rows)
        file.seek(0)
        while piece := file.read(CHUNK_BYTES):
            yield piece


def _pieces(buffer: io.StringIO) -> Iterator[bytes]:
    """Empty a buffer."""
    encoded = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    for start in range(0, len(encoded), CHUNK_BYTES):
        yield encoded[start : start + CHUNK_BYTES]


def _csv_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def _write_workbook(
    file: IO[bytes], sheet: str, header: Sequence[str], rows: Iterable[Row]
) -> None:
    workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
    formats = {
        "header": workbook.add_format({"bold": True, "bottom": 1}),
        "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "decimal": workbook.add_format({"num_format": "#,##0.00####"}),
        "whole": workbook.add_format({"num_format": "#,##0"}),
    }
    remaining, number = iter(rows), 1
    while True:
        page = islice(remaining, _SHEET_ROWS - 1)
        name = sheet if number == 1 else f"{sheet} {number}"
        if _write_sheet(workbook.add_worksheet(name), formats, header, page) < _SHEET_ROWS - 1:
            break
        number += 1
    workbook.close()


def _write_sheet(
    sheet: Worksheet, formats: dict[str, Format], header: Sequence[str], rows: Iterable[Row]
) -> int:
    """Write the header and rows; returns how many rows there were."""
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(header) - 1, 18)
    for column, title in enumerate(header):
        sheet.write_string(0, column, title, formats["header"])
    count = 0
    for count, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(sheet, (count, column), cell, formats)
    return count


def _write_cell(
    sheet: Worksheet, at: tuple[int, int], cell: Cell, formats: dict[str, Format]
) -> None:
    """Text is written as text, whatever it begins with, so nothing becomes a formula."""
    if isinstance(cell, str):
        sheet.write_string(*at, cell[:_LONGEST_CELL])
    elif isinstance(cell, datetime):
        local = cell.astimezone(SHANGHAI).replace(tzinfo=None)
        sheet.write_datetime(*at, local, formats["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(*at, cell, formats["day"])
    elif cell is not None and len(Decimal(cell).as_tuple().digits) > _EXACT_DIGITS:
        sheet.write_string(*at, format(cell, "f") if isinstance(cell, Decimal) else str(cell))
    elif cell is not None:
        sheet.write_number(*at, cell, formats["decimal" if isinstance(cell, Decimal) else "whole"])
