"""Schemes and assignments ⇄ rows."""

from collections.abc import Mapping
from dataclasses import fields

from sqlalchemy import RowMapping

from services.incentives.domain.assignment import Assignment
from services.incentives.domain.benchmark import Benchmark
from services.incentives.domain.pool_rules import PlanKind, PoolRules
from services.incentives.domain.scheme import Scheme, SchemeState
from services.kernel.identifiers import SchemeName
from services.kernel.money import from_minor, to_minor
from services.kernel.period import Period
from services.runtime.frozen_json import from_json


def to_scheme_row(scheme: Scheme) -> Mapping[str, object]:
    """Write a scheme."""
    return {
        "name": scheme.name,
        "display_name": scheme.display_name,
        "kind": scheme.kind.value,
        "effective_start": scheme.effective_period.start,
        "effective_end": scheme.effective_period.end,
        "annual_target": to_minor(scheme.annual_target),
        "rules": _to_rules(scheme.rules),
        "benchmarks": scheme.benchmarks,
        "surrender_deadline": scheme.surrender_deadline,
        "surrender_source": scheme.surrender_source,
        "state": scheme.state.value,
        "maker": scheme.maker,
        "approver": scheme.approver,
    }


def from_scheme_row(row: RowMapping) -> Scheme:
    """Read a scheme."""
    return Scheme(
        name=SchemeName(row["name"]),
        display_name=row["display_name"],
        kind=PlanKind(row["kind"]),
        effective_period=Period(row["effective_start"], row["effective_end"]),
        annual_target=from_minor(row["annual_target"]),
        rules=from_json(PoolRules, row["rules"]),
        benchmarks=from_json(tuple[Benchmark, ...], row["benchmarks"]),
        surrender_deadline=row["surrender_deadline"],
        surrender_source=row["surrender_source"],
        state=SchemeState(row["state"]),
        maker=row["maker"],
        approver=row["approver"],
    )


def to_assignment_row(scheme: SchemeName, version: int, person: Assignment) -> Mapping[str, object]:
    """Write a person's part in a version."""
    return {
        "scheme": scheme,
        "version": version,
        "staff_id": person.staff_id,
        "subject": person.subject,
        "role": person.role,
        "coefficient": person.coefficient,
        "individual_score": person.individual_score,
        "days_in_post": person.days_in_post,
        "executive": person.executive,
        "annual_pay": None if person.annual_pay is None else to_minor(person.annual_pay),
        "in_other_plan": person.in_other_plan,
    }


def from_assignment_row(row: RowMapping) -> Assignment:
    """Read a person's part."""
    pay = row["annual_pay"]
    return Assignment(
        staff_id=row["staff_id"],
        subject=row["subject"],
        role=row["role"],
        coefficient=row["coefficient"],
        individual_score=row["individual_score"],
        days_in_post=row["days_in_post"],
        executive=row["executive"],
        annual_pay=None if pay is None else from_minor(pay),
        in_other_plan=row["in_other_plan"],
    )


def _to_rules(rules: PoolRules) -> Mapping[str, object]:
    """Write the rules of a pool; bounds of excess in fen."""
    tiers = [
        {
            "up_to": None if tier.up_to is None else to_minor(tier.up_to),
            "pool_share": tier.pool_share,
        }
        for tier in rules.excess_tiers
    ]
    written = {each.name: getattr(rules, each.name) for each in fields(rules)}
    return {**written, "excess_tiers": tiers}
