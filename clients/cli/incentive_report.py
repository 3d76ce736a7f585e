"""The report of an incentive run, read back from its CSV: totals as pairs, then a line a person."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import RenderableType

from clients.cli.connection import Connection
from clients.cli.incentive_runs import IncentiveRuns
from clients.cli.messages import Plain
from clients.cli.tables import columns_of_text


@dataclass(frozen=True, slots=True)
class IncentiveReport:
    """The totals by name, and the awards under their headings."""

    content: bytes
    totals: Sequence[tuple[str, str]]
    headings: Sequence[str]
    awards: Sequence[Sequence[str]]

    @classmethod
    def parse(cls, content: bytes) -> "IncentiveReport":
        """Take a report apart at its empty row."""
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        rows = list(csv.reader(text))
        cut = rows.index([]) if [] in rows else len(rows)
        totals = [(row[0], row[1]) for row in rows[:cut] if len(row) > 1]
        headings, *awards = rows[cut + 1 :] or [[]]
        return cls(content, totals, headings, awards)

    def as_plain(self) -> Plain:
        """Write it for programs."""
        return {
            "totals": dict(self.totals),
            "awards": [dict(zip(self.headings, row, strict=False)) for row in self.awards],
        }

    def tables(self) -> list[RenderableType]:
        """Lay it out: the totals, then the awards without the dates of their instalments."""
        shown = [index for index, name in enumerate(self.headings) if "date" not in name]
        awards = [[row[index] for index in shown] for row in self.awards]
        return [
            columns_of_text("Incentive report, as HR sees it", ("Figure", "Value"), self.totals),
            columns_of_text("Awards", [_heading(self.headings[each]) for each in shown], awards),
        ]


def read_report(connection: Connection, run: str) -> IncentiveReport:
    """Read the whole report of a run."""
    return IncentiveReport.parse(b"".join(IncentiveRuns(connection).report(run)))


def _heading(name: str) -> str:
    return name.removesuffix("_cny").replace("_", " ")
