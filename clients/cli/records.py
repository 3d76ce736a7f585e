"""Files as records: CSV, Excel and YAML, every scalar as text so that no number is a float."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import nanoarrow
import yaml

from clients.cli.errors import InputRefused, Violation
from clients.cli.messages import BadField, Record, SomeMessage, fill

EXCEL = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
YAML = {".yaml", ".yml", ".json"}
FIRST_DATA_ROW = 2


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


def read_rows(path: Path, *, under: str = "") -> list[Row]:
    """Read the rows of a CSV or Excel file, or the list ``under`` a key of a YAML file.

    Raises:
        InputRefused: the file is not there, or not what its ending says.
    """
    kind = path.suffix.lower()
    try:
        if kind in YAML:
            return _numbered(_listed(read_yaml(path), path, under), start=1)
        records = _read_excel(path) if kind in EXCEL else _read_csv(path)
    except (OSError, UnicodeDecodeError, csv.Error, fastexcel.FastExcelError) as wrong:
        raise InputRefused(f"{path} cannot be read: {wrong}") from None
    return _numbered(records, start=FIRST_DATA_ROW)


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


def _read_csv(path: Path) -> list[Record]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [_named(record, path) for record in csv.DictReader(lines, strict=True)]


def _named(record: Mapping[str | None, object], path: Path) -> Record:
    if None in record:
        raise InputRefused(f"{path} has a row with more cells than the header")
    return {str(key).strip(): value for key, value in record.items()}


def _read_excel(path: Path) -> list[Record]:
    sheet = fastexcel.read_excel(str(path)).load_sheet(0, dtypes="string")
    rows: list[Record] = [
        {str(key).strip(): value for key, value in row.items()}
        for row in nanoarrow.Array(sheet).to_pylist()
    ]
    return [row for row in rows if any(value is not None for value in row.values())]


def _numbered(records: list[Record], *, start: int) -> list[Row]:
    return [Row(number, record) for number, record in enumerate(records, start=start)]
