"""A run as a report: rows of text, for a table in any format."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.incentives.domain.run import Award, IncentiveRun

_AWARD_COLUMNS = (
    "staff_id",
    "role",
    "weight",
    "cap_cny",
    "award_cny",
    "ineligible_reason",
)


@dataclass(frozen=True, slots=True)
class Report:
    """A title, totals as (label, value), and a table with its header."""

    title: str
    totals: tuple[tuple[str, str], ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def report_of(run: IncentiveRun, awards: Sequence[Award]) -> Report:
    """Lay out a run and the awards given, one row each; amounts in CNY."""
    most = max((len(award.grant.instalments) for award in awards), default=0)
    instalments = tuple(
        column
        for number in range(1, most + 1)
        for column in (f"instalment_{number}_cny", f"instalment_{number}_payable")
    )
    return Report(
        title=run.name,
        totals=_totals(run),
        header=(*_AWARD_COLUMNS, *instalments),
        rows=tuple(_row(award) for award in awards),
    )


def _totals(run: IncentiveRun) -> tuple[tuple[str, str], ...]:
    outcome = run.outcome
    return (
        ("incentive_run", run.name),
        ("scheme", run.scheme),
        ("cycle", str(run.cycle)),
        ("state", run.state.value),
        ("result_cny", str(outcome.result.amount)),
        ("target_cny", str(outcome.target.amount)),
        ("excess_cny", str(outcome.excess.amount)),
        *((f"correction {line.run}", str(line.amount.amount)) for line in outcome.corrections),
        ("pool_cny", str(outcome.pool.amount)),
        ("awarded_cny", str(outcome.awarded.amount)),
        ("unallocated_cny", str(outcome.unallocated.amount)),
        ("award_count", str(outcome.award_count)),
        ("digest", run.sign_off.digest),
    )


def _row(award: Award) -> tuple[str, ...]:
    grant = award.grant
    instalments = tuple(
        text
        for part in grant.instalments
        for text in (str(part.amount.amount), str(part.payable_date or ""))
    )
    return (
        grant.assignment.staff_id,
        grant.assignment.role,
        format(grant.weight.normalize(), "f"),
        "" if grant.cap is None else str(grant.cap.amount),
        str(grant.amount.amount),
        grant.ineligible_reason,
        *instalments,
    )
