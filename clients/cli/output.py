"""What a command prints: tables for people, JSON for programs; progress and errors beside them.

Answers go to standard output, everything else to standard error.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import typer
from google.protobuf.message import Message
from rich.console import Console, RenderableType
from tanheng.common.v1 import common_pb2

from clients.cli.errors import RunBlocked
from clients.cli.messages import Plain, plain
from clients.cli.tables import Column, columns, table_of

WIDTH_OF_A_PIPE = 160

AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON: amounts, prices and days as text.")
]


def answers() -> Console:
    """The console for answers."""
    return _console(stderr=False)


def notices() -> Console:
    """The console for progress and errors."""
    return _console(stderr=True)


@dataclass(frozen=True, slots=True)
class Output:
    """Shows the answers of one command in the form that was asked for."""

    as_json: bool
    console: Console = field(default_factory=answers)

    def one(self, message: Message, title: str, shown: Sequence[Column]) -> None:
        """Show one message: a table of one row, or its JSON."""
        self._either(plain(message), table_of(title, [message], shown))

    def many(
        self, key: str, messages: Iterable[Message], title: str, shown: Sequence[Column]
    ) -> None:
        """Show a list: a row each, or JSON ``{key: [...]}``."""
        items = list(messages)
        listed: Plain = {key: [plain(item) for item in items]}
        self._either(listed, table_of(title, items, shown))

    def parts(self, message: Message, *tables: RenderableType) -> None:
        """Show several tables of one message, or its JSON once."""
        if self.as_json:
            self.json(plain(message))
        for part in () if self.as_json else tables:
            self.console.print(part)

    def text(self, line: str, **facts: Plain) -> None:
        """Show a sentence, or the facts in it as JSON."""
        if self.as_json:
            self.json(dict(facts))
        else:
            self.console.print(line)

    def json(self, value: Plain) -> None:
        """Print JSON, keys in the order of the contract."""
        self.console.out(json.dumps(value, ensure_ascii=False, indent=2), highlight=False)

    def _either(self, value: Plain, table: RenderableType) -> None:
        if self.as_json:
            self.json(value)
        else:
            self.console.print(table)


def findings_table(findings: Iterable[common_pb2.Finding]) -> RenderableType:
    """Lay out what a run found, with the way out of each."""
    shown = columns(
        Severity="severity", Reason="reason", Subject="subject", What="message", Way_out="way_out"
    )
    return table_of("Findings", findings, shown)


def refuse_blocked(run: str, findings: Iterable[common_pb2.Finding]) -> None:
    """End with the exit code of a state when a run cannot be approved as it stands.

    Raises:
        RunBlocked: a finding blocks the run.
    """
    for finding in findings:
        if finding.severity == common_pb2.SEVERITY_RUN_BLOCKING:
            raise RunBlocked(f"{run}: {finding.message}", way_out=finding.way_out)


def explanation_table(explanation: common_pb2.Explanation) -> RenderableType:
    """Lay out how a figure came about, step by step."""
    rule = f" by {explanation.rule_version}" if explanation.rule_version else ""
    return table_of(
        f"Explanation{rule}", explanation.steps, columns(Step="label", Formula="formula")
    )


def _console(*, stderr: bool) -> Console:
    """A pipe gets a generous width, so that tables do not fold."""
    console = Console(stderr=stderr, highlight=False, emoji=False)
    if console.is_terminal:
        return console
    width = max(console.width, WIDTH_OF_A_PIPE)
    return Console(stderr=stderr, highlight=False, emoji=False, width=width)
