"""The report of an incentive run, read back from its CSV: one table, totals before awards."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import RenderableType

from clients.cli.connection import Connection
from clients.cli.incentive_runs import IncentiveRuns
from clients.cli.messages import Plain
from clients.cli.tables import columns_of_text

AWARD = "award"
LINE = "line"
PAYABLE = "_payable"


@dataclass(frozen=True, slots=True)
class IncentiveReport:
    """The bytes of the file, and its rows by column."""

    content: bytes
    rows: Sequence[Mapping[str, str]]

    @classmethod
    def parse(cls, content: bytes) -> "IncentiveReport":
        """Read the file."""
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        return cls(content, list(csv.DictReader(text)))

    def as_plain(self) -> Plain:
        """Write it for programs."""
        return {"rows": [dict(row) for row in self.rows]}

    def tables(self) -> list[RenderableType]:
        """Lay out totals and awards; the days of instalments are left to the file."""
        totals = [row for row in self.rows if row.get(LINE) != AWARD]
        awards = [row for row in self.rows if row.get(LINE) == AWARD]
        return [_table("Incentive report, as HR sees it", totals), _table("Awards", awards)]


def read_report(connection: Connection, run: str) -> IncentiveReport:
    """Read the whole report of a run."""
    return IncentiveReport.parse(b"".join(IncentiveRuns(connection).report(run)))


def _table(title: str, rows: Sequence[Mapping[str, str]]) -> RenderableType:
    """Only columns in which something stands."""
    names = rows[0].keys() if rows else ()
    used = [name for name in names if any(row[name] for row in rows) and PAYABLE not in name]
    headings = [name.removesuffix("_cny").replace("_", " ") for name in used]
    return columns_of_text(title, headings, ([row[name] for name in used] for row in rows))
