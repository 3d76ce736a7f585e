"""Runs ⇄ rows."""

from collections.abc import Mapping

from sqlalchemy import RowMapping

from services.incentives.domain.correction import CorrectionLine
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.metric import Metric
from services.incentives.domain.run import IncentiveRun, Outcome
from services.incentives.persistence.signatures import from_approvals, to_approvals
from services.kernel.authority import RunState, SignOff
from services.kernel.explanation import Explanation
from services.kernel.finding import Finding
from services.kernel.identifiers import RunName, SchemeName
from services.kernel.money import from_minor, to_minor
from services.runtime.frozen_json import from_json


def to_run_row(run: IncentiveRun) -> Mapping[str, object]:
    """Write a run."""
    return {
        "name": run.name,
        "scheme": run.scheme,
        "cycle": str(run.cycle),
        "number": run.number,
        "maker": run.sign_off.maker,
        "assignments_version": run.assignments_version,
        "on_time_surrender": run.on_time_surrender,
        "surrender_evidence": run.surrender_evidence,
        "created_at": run.created_at,
        **to_changing_columns(run),
    }


def to_changing_columns(run: IncentiveRun) -> Mapping[str, object]:
    """Write what changes of a run: its state, outcome and signatures."""
    outcome = run.outcome
    return {
        "state": run.state.value,
        "digest": run.sign_off.digest,
        "approvals": to_approvals(run.approvals),
        "journal_entry": run.journal_entry,
        "failure": run.failure,
        "result": to_minor(outcome.result),
        "target": to_minor(outcome.target),
        "excess": to_minor(outcome.excess),
        "own_pool": to_minor(outcome.own_pool),
        "pool": to_minor(outcome.pool),
        "awarded": to_minor(outcome.awarded),
        "award_count": outcome.award_count,
        "metrics": outcome.metrics,
        "corrections": [_to_correction(line) for line in outcome.corrections],
        "findings": outcome.findings,
        "explanation": outcome.explanation,
    }


def from_run_row(row: RowMapping) -> IncentiveRun:
    """Read a run."""
    return IncentiveRun(
        name=RunName(row["name"]),
        scheme=SchemeName(row["scheme"]),
        cycle=Cycle.parse(row["cycle"]),
        number=row["number"],
        assignments_version=row["assignments_version"],
        on_time_surrender=row["on_time_surrender"],
        surrender_evidence=row["surrender_evidence"],
        sign_off=SignOff(
            row["name"],
            RunState(row["state"]),
            row["maker"],
            row["digest"],
            from_approvals(row["approvals"]),
        ),
        created_at=row["created_at"],
        outcome=_from_outcome(row),
        journal_entry=row["journal_entry"],
        failure=row["failure"],
    )


def _from_outcome(row: RowMapping) -> Outcome:
    return Outcome(
        result=from_minor(row["result"]),
        target=from_minor(row["target"]),
        excess=from_minor(row["excess"]),
        own_pool=from_minor(row["own_pool"]),
        pool=from_minor(row["pool"]),
        awarded=from_minor(row["awarded"]),
        award_count=row["award_count"],
        metrics=from_json(tuple[Metric, ...], row["metrics"]),
        corrections=from_json(tuple[CorrectionLine, ...], row["corrections"]),
        findings=from_json(tuple[Finding, ...], row["findings"]),
        explanation=from_json(Explanation, row["explanation"]),
    )


def _to_correction(line: CorrectionLine) -> Mapping[str, object]:
    """Write a correction line; amounts in fen."""
    return {
        "run": line.run,
        "frozen_result": to_minor(line.frozen_result),
        "current_result": to_minor(line.current_result),
        "granted_pool": to_minor(line.granted_pool),
        "current_pool": to_minor(line.current_pool),
        "amount": to_minor(line.amount),
    }
