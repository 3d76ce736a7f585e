"""Files as records: CSV, Excel and YAML, every scalar as text so that no number is a float."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from pathlib import Path

import fastexcel
import nanoarrow
import yaml
from google.protobuf.message import Message

from clients.cli.errors import InputRefused, Violation
from clients.cli.messages import BadField, Record, SomeMessage, UnknownField, fill

EXCEL = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
YAML = {".yaml", ".yml", ".json"}
FIRST_DATA_ROW = 2
SHEET_DIGITS = 15
NOISELESS_DIGITS = 12


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
    except (OSError, csv.Error, fastexcel.FastExcelError) as wrong:
        raise InputRefused(f"{path} cannot be read: {wrong}") from None


def read_yaml(path: Path) -> Record:
    """Read a YAML (or JSON) file with every scalar as text.

    Raises:
        InputRefused: the file is not there, is not YAML, or is not a mapping.
    """
    try:
        loaded: object = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes text only
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as wrong:
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
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines, strict=True)
        headings = [str(each).strip() for each in rows.fieldnames or ()]
        for heading in sorted({each for each in headings if headings.count(each) > 1}):
            raise InputRefused(f"{path} has two columns {heading!r}; keep one of them")
        return [Row(rows.line_num, _named(record, rows.line_num, path)) for record in rows]


def _named(record: Mapping[str | None, object], line: int, path: Path) -> Record:
    if None in record:
        raise InputRefused(f"line {line} of {path} has more cells than the header")
    return {str(key).strip(): value for key, value in record.items()}


def _read_excel(path: Path) -> list[Row]:
    """Read the first sheet; rows count as the sheet counts them, empty ones too."""
    sheet = fastexcel.read_excel(str(path)).load_sheet(0, dtypes="string", header_row=0)
    records = nanoarrow.Array(sheet).to_pylist()
    return [
        Row(number, {str(key).strip(): _as_shown(value) for key, value in record.items()})
        for number, record in enumerate(records, start=FIRST_DATA_ROW)
        if any(value is not None for value in record.values())
    ]


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
