"""Valid nouns of incentives, with what a test cares about replaced."""

from datetime import date
from decimal import Decimal

from services.incentives.domain.assignment import Assignment
from services.incentives.domain.legal_limit import LegalLimit
from services.incentives.domain.pool_rules import ExcessTier, PoolRules
from services.kernel.money import Money

A_LAW = "an invented statute, article 1"


def limit(numerator: int, denominator: int) -> LegalLimit:
    return LegalLimit(numerator, denominator, A_LAW, date(2024, 1, 1))


def rules(
    *,
    share: str = "0.3",
    person_cap: LegalLimit | None = None,
    executives_limit: LegalLimit | None = None,
    participants_limit: LegalLimit | None = None,
    staff_count: int = 0,
    minimum_days: int = 0,
    deferral: tuple[int, ...] = (),
) -> PoolRules:
    return PoolRules(
        excess_tiers=(ExcessTier(None, Decimal(share)),),
        pool_limit=limit(3, 10),
        person_cap=person_cap,
        executives_limit=executives_limit,
        participants_limit=participants_limit,
        staff_count=staff_count,
        minimum_days_in_post=minimum_days,
        deferral_weights=deferral,
    )


def person(
    staff_id: str,
    coefficient: str | int = 1,
    *,
    executive: bool = False,
    annual_pay: Money | None = None,
    days: int = 365,
    subject: str = "",
) -> Assignment:
    return Assignment(
        staff_id=staff_id,
        role="trader",
        coefficient=Decimal(coefficient),
        individual_score=Decimal(1),
        days_in_post=days,
        executive=executive,
        annual_pay=annual_pay,
        subject=subject,
    )
