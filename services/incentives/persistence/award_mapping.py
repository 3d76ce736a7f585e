"""Awards ⇄ rows."""

from collections.abc import Mapping

from sqlalchemy import RowMapping

from services.incentives.domain.assignment import Assignment
from services.incentives.domain.award import Grant, Instalment
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.run import Award
from services.kernel.explanation import Explanation
from services.kernel.identifiers import RunName
from services.kernel.money import from_minor, to_minor
from services.runtime.frozen_json import from_json, to_json_text


def to_award_row(award: Award) -> Mapping[str, object]:
    """Write an award; documents as text, since rows go in by COPY."""
    grant = award.grant
    return {
        "name": award.name,
        "run": award.run,
        "cycle": str(award.cycle),
        "staff_id": grant.assignment.staff_id,
        "subject": grant.assignment.subject,
        "assignment": to_json_text(_to_assignment(grant.assignment)),
        "weight": grant.weight,
        "cap": None if grant.cap is None else to_minor(grant.cap),
        "amount": to_minor(grant.amount),
        "instalments": to_json_text([_to_instalment(part) for part in grant.instalments]),
        "ineligible_reason": grant.ineligible_reason,
        "explanation": to_json_text(grant.explanation),
    }


def from_award_row(row: RowMapping) -> Award:
    """Read an award."""
    cap = row["cap"]
    grant = Grant(
        assignment=_from_assignment(row),
        weight=row["weight"],
        cap=None if cap is None else from_minor(cap),
        amount=from_minor(row["amount"]),
        instalments=from_json(tuple[Instalment, ...], row["instalments"]),
        ineligible_reason=row["ineligible_reason"],
        explanation=from_json(Explanation, row["explanation"]),
    )
    return Award(RunName(row["run"]), Cycle.parse(row["cycle"]), grant)


def _to_assignment(person: Assignment) -> Mapping[str, object]:
    """Write the person's part as it was when the award was made; pay in fen."""
    return {
        "role": person.role,
        "coefficient": person.coefficient,
        "individual_score": person.individual_score,
        "days_in_post": person.days_in_post,
        "executive": person.executive,
        "annual_pay": None if person.annual_pay is None else to_minor(person.annual_pay),
        "in_other_plan": person.in_other_plan,
    }


def _from_assignment(row: RowMapping) -> Assignment:
    whose = {"staff_id": row["staff_id"], "subject": row["subject"]}
    return from_json(Assignment, {**row["assignment"], **whose})


def _to_instalment(part: Instalment) -> Mapping[str, object]:
    """Write an instalment; the amount in fen."""
    return {
        "number": part.number,
        "amount": to_minor(part.amount),
        "payable_date": part.payable_date,
    }
