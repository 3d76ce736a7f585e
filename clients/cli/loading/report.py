"""What became of the rows of a file; rows go in one by one, or in batches."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TypeVar

from google.protobuf.message import Message

from clients.cli.errors import CallRefused, InputRefused, RowsRefused, Violation
from clients.cli.messages import Plain, SomeMessage
from clients.cli.operations import progress_bar
from clients.cli.output import Output
from clients.cli.records import Row
from clients.cli.tables import columns_of_text

BATCH = 5_000
EXISTS = "ALREADY_EXISTS"
UNREADABLE = "UNREADABLE"
SHOWN_REMARKS = 50
ROW_FIELD = re.compile(r"\w+\[(\d+)\]\.(.+)")
Answer = TypeVar("Answer", bound=Message)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one row: its number in the file, the field, the reason, a sentence."""

    row: int
    field: str
    reason: str
    message: str


@dataclass(slots=True)
class Report:
    """Counts the rows of one file: taken in, there already, refused.

    ``is_trial``: the service only looked at them, and kept nothing.
    """

    what: str
    is_trial: bool = False
    accepted_count: int = 0
    already_there_count: int = 0
    rejections: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def as_plain(self) -> Plain:
        """Write it for programs."""
        return {
            "what": self.what,
            "validate_only": self.is_trial,
            "accepted_count": self.accepted_count,
            "already_there_count": self.already_there_count,
            "names": list(self.names),
            "rejections": [_plain_remark(remark) for remark in self.rejections],
            "warnings": [_plain_remark(remark) for remark in self.warnings],
        }

    def show(self, output: Output) -> None:
        """Print it, then refuse if any row was.

        Raises:
            RowsRefused: names every refused row, its field and reason.
        """
        if output.as_json:
            output.json(self.as_plain())
        else:
            there = self.already_there_count
            more = f", {there} there already" if there else ""
            accepted = "would be accepted; nothing is recorded" if self.is_trial else "accepted"
            output.console.print(f"{self.what}: {self.accepted_count} {accepted}{more}")
            self._show_warnings(output)
        if self.rejections:
            others = "would be" if self.is_trial else "are"
            raise RowsRefused(
                f"rows of {self.what} were refused; the others {others} recorded" + self._unshown(),
                violations=tuple(
                    Violation(f"row {r.row} {r.field}", f"{r.reason}: {r.message}")
                    for r in sorted(self.rejections, key=attrgetter("row"))[:SHOWN_REMARKS]
                ),
                way_out="correct these rows and import the file again"
                + ("" if self.is_trial else "; recorded rows stay"),
            )

    def _unshown(self) -> str:
        count = len(self.rejections)
        if count <= SHOWN_REMARKS:
            return ""
        return f"; {SHOWN_REMARKS} of {count} remarks are shown, --json has all"

    def _show_warnings(self, output: Output) -> None:
        if self.warnings:
            shown = [
                (str(w.row), w.field, w.reason, w.message) for w in self.warnings[:SHOWN_REMARKS]
            ]
            output.console.print(
                columns_of_text("Warnings", ("Row", "Field", "Reason", "Message"), shown)
            )
        if len(self.warnings) > SHOWN_REMARKS:
            output.console.print(f"… and {len(self.warnings) - SHOWN_REMARKS} more warnings")


def create_each(report: Report, rows: Sequence[Row], create: Callable[[Row], str]) -> Report:
    """Create a resource per row, in order; one that exists already is counted and left as it is."""
    with progress_bar() as bar:
        for row in bar.track(rows, description=report.what):
            try:
                report.names.append(create(row))
                report.accepted_count += 1
            except CallRefused as refusal:
                if refusal.reason != EXISTS:
                    raise refusal.at(f"row {row.number}") from None
                report.already_there_count += 1
    return report


def batches(report: Report, rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Cut rows into batches that the service takes, with a bar.

    Raises:
        InputRefused: there are no rows.
    """
    if not rows:
        raise InputRefused(f"there are no {report.what} in the file")
    with progress_bar() as bar:
        starts = range(0, len(rows), BATCH)
        for start in bar.track(starts, description=report.what):
            yield rows[start : start + BATCH]


def readable(
    report: Report, batch: Sequence[Row], message: Callable[[], SomeMessage]
) -> tuple[list[Row], list[SomeMessage]]:
    """Read rows into messages; one that cannot be read is refused by itself."""
    taken: list[Row] = []
    read: list[SomeMessage] = []
    for row in batch:
        wrong = row.unreadable(into := message())
        report.rejections += [
            Remark(row.number, each.field, UNREADABLE, each.description) for each in wrong
        ]
        if not wrong:
            taken.append(row)
            read.append(into)
    return taken, read


def send_others(
    report: Report,
    rows: Sequence[Row],
    read: Sequence[SomeMessage],
    send: Callable[[Sequence[SomeMessage]], Answer],
) -> tuple[Sequence[Row], Answer | None]:
    """Send rows; those that the whole request is refused for are named, and the others sent.

    Gives the rows that were sent, and the answer; none where every row was refused.

    Raises:
        CallRefused: the request was refused for something else than rows.
    """
    while read:
        try:
            return rows, send(read)
        except CallRefused as refusal:
            refused = _refused_rows(refusal)
            if not refused:
                raise
            report.rejections += [
                Remark(rows[index].number, name, refusal.reason, wrong)
                for index, name, wrong in refused
            ]
            left = sorted(set(range(len(rows))) - {index for index, _, _ in refused})
            rows, read = [rows[index] for index in left], [read[index] for index in left]
    return rows, None


def _refused_rows(refusal: CallRefused) -> list[tuple[int, str, str]]:
    """Tell which rows a request was refused for: index, field, why; empty if not for rows alone."""
    refused: list[tuple[int, str, str]] = []
    for wrong in refusal.violations:
        place = ROW_FIELD.fullmatch(wrong.field)
        if place is None:
            return []
        refused.append((int(place.group(1)), place.group(2), wrong.description))
    return refused


def answered(
    report: Report,
    rows: Sequence[Row],
    message: Callable[[], SomeMessage],
    send: Callable[[Sequence[SomeMessage]], Answer],
) -> Iterator[tuple[Sequence[Row], Answer]]:
    """Read and send rows batch by batch; gives the rows that were sent, and the answer to them."""
    for batch in batches(report, rows):
        sent, answer = send_others(report, *readable(report, batch, message), send)
        if answer is not None:
            yield sent, answer


def remarks(batch: Sequence[Row], issues: Sequence[Message]) -> list[Remark]:
    """Read the service's remarks on a batch, with the row numbers of the file."""
    return [_remark(batch, issue) for issue in issues]


def _remark(batch: Sequence[Row], issue: Message) -> Remark:
    row, name, reason, message = (
        getattr(issue, key) for key in ("row", "field", "reason", "message")
    )
    return Remark(batch[row].number, str(name), str(reason), str(message))


def _plain_remark(remark: Remark) -> Plain:
    return {
        "row": remark.row,
        "field": remark.field,
        "reason": remark.reason,
        "message": remark.message,
    }
