"""Schemes and assignments ⇄ rows."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypedDict

from sqlalchemy import RowMapping

from services.incentives.domain.assignment import Assignment
from services.incentives.domain.benchmark import Benchmark, BenchmarkKind
from services.incentives.domain.pool_rules import ExcessTier, PlanKind, PoolRules
from services.incentives.domain.scheme import Scheme, SchemeState
from services.incentives.persistence.documents import (
    LimitDocument,
    from_limit,
    from_optional_limit,
    to_limit,
)
from services.kernel.identifiers import PriceSeriesName, SchemeName
from services.kernel.instrument import InstrumentKind
from services.kernel.money import from_minor, to_minor
from services.kernel.period import Period


class TierDocument(TypedDict):
    """A band of excess; ``up_to`` in fen."""

    up_to: int | None
    pool_share: str


class RulesDocument(TypedDict):
    """The rules of a pool."""

    excess_tiers: list[TierDocument]
    pool_limit: LimitDocument
    income_tax_rate: LimitDocument | None
    participants_limit: LimitDocument | None
    staff_count: int
    minimum_days_in_post: int
    minimum_days_source: str
    maximum_days_counted: int
    person_cap: LimitDocument | None
    executives_limit: LimitDocument | None
    deferral_weights: list[int]
    deferral_source: str


class BenchmarkDocument(TypedDict):
    """A benchmark."""

    instrument_kind: str
    price_series: str
    kind: str
    tax_inclusive: bool
    tax_rate: str


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
        "benchmarks": [_to_benchmark(benchmark) for benchmark in scheme.benchmarks],
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
        rules=_from_rules(row["rules"]),
        benchmarks=tuple(_from_benchmark(document) for document in row["benchmarks"]),
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


def _to_rules(rules: PoolRules) -> RulesDocument:
    pool_limit = to_limit(rules.pool_limit)
    assert pool_limit is not None
    return {
        "excess_tiers": [_to_tier(tier) for tier in rules.excess_tiers],
        "pool_limit": pool_limit,
        "income_tax_rate": to_limit(rules.income_tax_rate),
        "participants_limit": to_limit(rules.participants_limit),
        "staff_count": rules.staff_count,
        "minimum_days_in_post": rules.minimum_days_in_post,
        "minimum_days_source": rules.minimum_days_source,
        "maximum_days_counted": rules.maximum_days_counted,
        "person_cap": to_limit(rules.person_cap),
        "executives_limit": to_limit(rules.executives_limit),
        "deferral_weights": list(rules.deferral_weights),
        "deferral_source": rules.deferral_source,
    }


def _from_rules(document: RulesDocument) -> PoolRules:
    return PoolRules(
        excess_tiers=tuple(_from_tier(tier) for tier in document["excess_tiers"]),
        pool_limit=from_limit(document["pool_limit"]),
        income_tax_rate=from_optional_limit(document["income_tax_rate"]),
        participants_limit=from_optional_limit(document["participants_limit"]),
        staff_count=document["staff_count"],
        minimum_days_in_post=document["minimum_days_in_post"],
        minimum_days_source=document["minimum_days_source"],
        maximum_days_counted=document["maximum_days_counted"],
        person_cap=from_optional_limit(document["person_cap"]),
        executives_limit=from_optional_limit(document["executives_limit"]),
        deferral_weights=tuple(document["deferral_weights"]),
        deferral_source=document["deferral_source"],
    )


def _to_tier(tier: ExcessTier) -> TierDocument:
    up_to = None if tier.up_to is None else to_minor(tier.up_to)
    return {"up_to": up_to, "pool_share": str(tier.pool_share)}


def _from_tier(document: TierDocument) -> ExcessTier:
    up_to = document["up_to"]
    bound = None if up_to is None else from_minor(up_to)
    return ExcessTier(bound, Decimal(document["pool_share"]))


def _to_benchmark(benchmark: Benchmark) -> BenchmarkDocument:
    return {
        "instrument_kind": benchmark.instrument_kind.value,
        "price_series": benchmark.price_series,
        "kind": benchmark.kind.value,
        "tax_inclusive": benchmark.tax_inclusive,
        "tax_rate": str(benchmark.tax_rate),
    }


def _from_benchmark(document: BenchmarkDocument) -> Benchmark:
    return Benchmark(
        instrument_kind=InstrumentKind(document["instrument_kind"]),
        price_series=PriceSeriesName(document["price_series"]),
        kind=BenchmarkKind(document["kind"]),
        tax_inclusive=document["tax_inclusive"],
        tax_rate=Decimal(document["tax_rate"]),
    )
