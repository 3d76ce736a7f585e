"""Files as records: CSV, Excel and YAML, every scalar as text so that no number is a float."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from itertools import zip_longest
from pathlib import Path
from typing import TypeAlias

import fastexcel
import nanoarrow
import yaml
from google.protobuf.message import Message

from clients.cli.errors import InputRefused, Violation
from clients.cli.messages import BadField, Record, SomeMessage, UnknownField, fill

EXCEL = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
YAML = {".yaml", ".yml", ".json"}
SEPARATORS = frozenset(";\t|")
SHEET_DIGITS = 15
NOISELESS_DIGITS = 12

Cells: TypeAlias = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One record and where it stands: the line of a table (the header is 1), or its place."""

    number: int
    record: Record

    def into(self, message: SomeMessage) -> SomeMessage:
        """Read the record into a message.

        Raises:
            InputRefused: a field is unknown or misspelt; names the row.
        """
        try:
            return fill(message, self.record)
        except BadField as wrong:
            raise InputRefused(
                f"row {self.number} cannot be read",
                violations=(Violation(wrong.path, wrong.description),),
            ) from None

    def unreadable(self, message: Message) -> list[Violation]:
        """Read the record into a message as far as it can be read, and name the other fields.

        Raises:
            InputRefused: a field is unknown, so no row of the file can be read.
        """
        wrong: list[Violation] = []
        for field, value in self.record.items():
            try:
                fill(message, {field: value})
            except UnknownField:
                self.into(message)
            except BadField as bad:
                wrong.append(Violation(bad.path, bad.description))
        return wrong


def read_rows(path: Path, *, under: str = "") -> list[Row]:
    """Read the rows of a CSV or Excel file, or the list ``under`` a key of a YAML file.

    Raises:
        InputRefused: the file is not there, or not what its ending says.
    """
    kind = path.suffix.lower()
    try:
        if kind in YAML:
            return _numbered(_listed(read_yaml(path), path, under), start=1)
        return _read_excel(path) if kind in EXCEL else _read_csv(path)
    except UnicodeDecodeError:
        raise InputRefused(f"{path} is not UTF-8; save it as CSV UTF-8, or as .xlsx") from None
    except OSError as wrong:
        raise InputRefused(f"{path} cannot be read: {wrong.strerror}") from None
    except (csv.Error, fastexcel.FastExcelError) as wrong:
        why = str(wrong).partition("\n")[0]
        raise InputRefused(f"{path} cannot be read: {why}") from None


def read_yaml(path: Path) -> Record:
    """Read a YAML (or JSON) file with every scalar as text.

    Raises:
        InputRefused: the file is not there, is not YAML, or is not a mapping.
    """
    try:
        loaded: object = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes text only
    except OSError as wrong:
        raise InputRefused(f"{path} cannot be read: {wrong.strerror}") from None
    except (UnicodeDecodeError, yaml.YAMLError) as wrong:
        raise InputRefused(f"{path} cannot be read: {wrong}") from None
    if isinstance(loaded, list):
        return {"": loaded}
    if not isinstance(loaded, Mapping):
        raise InputRefused(f"{path} is no mapping of names to values")
    return loaded


def _listed(document: Record, path: Path, under: str) -> list[Record]:
    found = document.get("", document.get(under))
    if found is None:
        return [document]
    if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
        raise InputRefused(f"{under!r} of {path} is no list of records")
    return found


def _read_csv(path: Path) -> list[Row]:
    """Read lines; a record is where it ends, and empty lines count."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        lines = csv.reader(text, strict=True)
        return _under_headings(((lines.line_num, cells) for cells in lines), path)


def _read_excel(path: Path) -> list[Row]:
    """Read the first sheet; rows count as the sheet counts them, empty ones too."""
    workbook = fastexcel.read_excel(str(path))
    sheet = workbook.load_sheet(0, dtypes="string", header_row=None, skip_rows=0)
    rows = enumerate(nanoarrow.Array(sheet).to_pylist() if sheet.width else [], start=1)
    return _under_headings(
        ((number, [_as_shown(cell) for cell in row.values()]) for number, row in rows), path
    )


def _under_headings(lines: Iterable[tuple[int, Cells]], path: Path) -> list[Row]:
    """Name the cells of a table by its first line that is not empty; leave out empty lines."""
    filled = ((number, cells) for number, cells in lines if any(cells))
    _, first = next(filled, (1, []))
    headings = [(cell or "").strip() for cell in first]
    if len(headings) == 1 and (found := SEPARATORS & set(headings[0])):
        separator = "tabs" if "\t" in found else repr(min(found))
        raise InputRefused(f"{path} is separated by {separator}; save it with commas, or as .xlsx")
    for heading in sorted({each for each in headings if each and headings.count(each) > 1}):
        raise InputRefused(f"{path} has two columns {heading!r}; keep one of them")
    return [Row(number, _named(cells, headings, number, path)) for number, cells in filled]


def _named(cells: Cells, headings: Sequence[str], line: int, path: Path) -> Record:
    record = dict(zip_longest(headings, cells[: len(headings)]))
    if any(cells[len(headings) :]) or record.pop("", None):
        raise InputRefused(f"line {line} of {path} has more cells than the header")
    return record


def _as_shown(cell: str | None) -> str | None:
    """Take a computed number as a spreadsheet shows it: 0.1 + 0.2 is 0.3.

    Only where the digits beyond are noise, so that a long text of digits stays what it is.
    """
    if cell is None or "." not in cell or sum(map(str.isdigit, cell)) <= SHEET_DIGITS:
        return cell
    try:
        exact = Decimal(cell)
    except InvalidOperation:
        return cell
    shown = Context(prec=SHEET_DIGITS).plus(exact).normalize()
    return f"{shown:f}" if len(shown.as_tuple().digits) <= NOISELESS_DIGITS else cell


def _numbered(records: list[Record], *, start: int) -> list[Row]:
    return [Row(number, record) for number, record in enumerate(records, start=start)]
