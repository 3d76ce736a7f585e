"""The steps of the demo, told as they happen."""

import time
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape

from clients.cli.errors import RowsRefused, Violation
from clients.cli.loading.report import Report
from clients.cli.output import notices


@dataclass(frozen=True, slots=True)
class Steps:
    """Says what was done, and how long after the start."""

    console: Console = field(default_factory=notices)
    started: float = field(default_factory=time.monotonic)

    def headline(self, text: str) -> None:
        """Begin a chapter."""
        self.console.print(f"\n[bold]{escape(text)}[/]")

    def done(self, text: str, by: str = "") -> None:
        """Tell one step, and by whom."""
        elapsed = time.monotonic() - self.started
        who = f" [dim]({escape(by)})[/]" if by else ""
        self.console.print(f"[dim]{elapsed:5.1f} s[/] {escape(text)}{who}")

    def loaded(self, report: Report, by: str = "") -> None:
        """Tell what became of a file.

        Raises:
            RowsRefused: a row of the samples was refused.
        """
        if report.rejections:
            refused = [Violation(f"row {r.row} {r.field}", r.message) for r in report.rejections]
            raise RowsRefused(f"{report.what} were refused", violations=tuple(refused))
        count = len(report.warnings)
        warned = f", {count} warning{'s' if count > 1 else ''}" if count else ""
        self.done(f"{report.what}: {report.accepted_count} accepted{warned}", by)
