"""A run as a report: one table, totals first, then a line for each award."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.incentives.domain.run import Award, IncentiveRun
from services.kernel.money import Money

_COLUMNS = ("line", "staff_id", "role", "weight", "cap_cny", "amount_cny")
AWARD_LINE = "award"

ReportCell = str | Decimal | date | None
ReportRow = tuple[ReportCell, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A header and rows of the same width."""

    header: tuple[str, ...]
    rows: tuple[ReportRow, ...]

    def lines(self, word: str) -> tuple[dict[str, ReportCell], ...]:
        """Read the rows of one kind of line, by column."""
        rows = (row for row in self.rows if row[0] == word)
        return tuple(dict(zip(self.header, row, strict=True)) for row in rows)


def report_of(run: IncentiveRun, awards: Sequence[Award]) -> Report:
    """Lay out a run and the awards given; amounts in CNY.

    The columns: what the line is, the person's, the amount, the instalments with the first day
    that each is payable, and a note.
    """
    most = max((len(award.grant.instalments) for award in awards), default=0)
    instalments = tuple(
        column
        for number in range(1, most + 1)
        for column in (f"instalment_{number}_cny", f"instalment_{number}_payable")
    )
    header = (*_COLUMNS, *instalments, "note")
    totals = (_total_row(*total, width=len(header)) for total in _totals(run))
    return Report(header, (*totals, *(_award_row(award) for award in awards)))


def _totals(run: IncentiveRun) -> Iterator[tuple[str, Money | None, str]]:
    outcome = run.outcome
    yield "incentive_run", None, run.name
    yield "scheme", None, run.scheme
    yield "cycle", None, str(run.cycle)
    yield "state", None, run.state.value
    yield "digest", None, run.sign_off.digest
    yield "result", outcome.result, "posted profit after provisions, without drift"
    yield "target", outcome.target, ""
    yield "excess", outcome.excess, ""
    for line in outcome.corrections:
        yield "correction", line.amount, line.run
    yield "pool", outcome.pool, ""
    yield "awarded", outcome.awarded, f"{outcome.award_count} people"
    yield "unallocated", outcome.unallocated, "stays with the company"


def _total_row(line: str, amount: Money | None, note: str, *, width: int) -> ReportRow:
    blank = (None,) * (len(_COLUMNS) - 2)
    figure = None if amount is None else amount.amount
    return (line, *blank, figure, *(None,) * (width - len(_COLUMNS) - 1), note)


def _award_row(award: Award) -> ReportRow:
    grant = award.grant
    instalments = tuple(
        cell for part in grant.instalments for cell in (part.amount.amount, part.payable_date)
    )
    return (
        AWARD_LINE,
        grant.assignment.staff_id,
        grant.assignment.role,
        grant.weight.normalize(),
        None if grant.cap is None else grant.cap.amount,
        grant.amount.amount,
        *instalments,
        grant.ineligible_reason,
    )
