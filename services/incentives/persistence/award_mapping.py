"""Awards ⇄ rows."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TypedDict

from sqlalchemy import RowMapping

from services.incentives.domain.assignment import Assignment
from services.incentives.domain.award import Grant, Instalment
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.run import Award
from services.incentives.persistence.documents import from_explanation, to_explanation
from services.kernel.identifiers import RunName
from services.kernel.money import from_minor, to_minor
from services.runtime.frozen_json import to_json_text


class InstalmentDocument(TypedDict):
    """An instalment; the amount in fen."""

    number: int
    amount: int
    payable_date: str | None


class AssignmentDocument(TypedDict):
    """The person's part as it was when the award was made; pay in fen."""

    role: str
    coefficient: str
    individual_score: str
    days_in_post: int
    executive: bool
    annual_pay: int | None
    in_other_plan: bool


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
        "explanation": to_json_text(to_explanation(grant.explanation)),
    }


def from_award_row(row: RowMapping) -> Award:
    """Read an award."""
    cap = row["cap"]
    grant = Grant(
        assignment=_from_assignment(row["assignment"], row),
        weight=row["weight"],
        cap=None if cap is None else from_minor(cap),
        amount=from_minor(row["amount"]),
        instalments=tuple(_from_instalment(part) for part in row["instalments"]),
        ineligible_reason=row["ineligible_reason"],
        explanation=from_explanation(row["explanation"]),
    )
    return Award(RunName(row["run"]), Cycle.parse(row["cycle"]), grant)


def _to_assignment(person: Assignment) -> AssignmentDocument:
    return {
        "role": person.role,
        "coefficient": str(person.coefficient),
        "individual_score": str(person.individual_score),
        "days_in_post": person.days_in_post,
        "executive": person.executive,
        "annual_pay": None if person.annual_pay is None else to_minor(person.annual_pay),
        "in_other_plan": person.in_other_plan,
    }


def _from_assignment(document: AssignmentDocument, row: RowMapping) -> Assignment:
    pay = document["annual_pay"]
    return Assignment(
        staff_id=row["staff_id"],
        subject=row["subject"],
        role=document["role"],
        coefficient=Decimal(document["coefficient"]),
        individual_score=Decimal(document["individual_score"]),
        days_in_post=document["days_in_post"],
        executive=document["executive"],
        annual_pay=None if pay is None else from_minor(pay),
        in_other_plan=document["in_other_plan"],
    )


def _to_instalment(part: Instalment) -> InstalmentDocument:
    day = part.payable_date
    return {
        "number": part.number,
        "amount": to_minor(part.amount),
        "payable_date": None if day is None else day.isoformat(),
    }


def _from_instalment(document: InstalmentDocument) -> Instalment:
    day = document["payable_date"]
    payable = None if day is None else date.fromisoformat(day)
    return Instalment(document["number"], from_minor(document["amount"]), payable)
