"""The worked pools, through the verb that the contract offers."""

from datetime import date
from decimal import Decimal

import pytest

from services.incentives.application.preview_pool import PoolQuestion, PreviewPool
from services.incentives.domain.pool_rules import PlanKind
from services.kernel.money import money, zero
from services.kernel.period import Month
from tests.builders.incentives import limit, person, rules

WORKED = {
    "an executive alone is cut": ((None, None), ("300000", "420000", "280000"), "0"),
    "the second is capped": (("525000", None), ("300000", "350000", "350000"), "0"),
    "both others are capped": (
        ("525000", "375000"),
        ("257142.85", "350000", "250000"),
        "142857.15",
    ),
}


@pytest.mark.parametrize(("pays", "awards", "stays"), WORKED.values(), ids=WORKED.keys())
def test_previews_the_worked_pools(
    pays: tuple[str | None, str | None], awards: tuple[str, str, str], stays: str
) -> None:
    second, third = (money(pay) if pay else money("900000000") for pay in pays)
    _, grants = PreviewPool()(
        question=PoolQuestion(
            result=money("14000000"),
            target=money("4000000"),
            kind=PlanKind.EXCESS_PROFIT,
            rules=rules(share="0.1", person_cap=limit(2, 3), executives_limit=limit(3, 10)),
            assignments=[
                person("s-1", 50, executive=True, annual_pay=money("900000000")),
                person("s-2", 30, annual_pay=second),
                person("s-3", 20, annual_pay=third),
            ],
            on_time_surrender=Decimal(1),
            cycle_months=12,
            last_month=None,
        )
    )
    assert grants.pool == money("1000000")
    assert [grant.amount for grant in grants.grants] == [money(award) for award in awards]
    assert grants.unallocated == money(stays)


def test_defers_an_award_over_three_years_and_loses_no_fen() -> None:
    _, grants = PreviewPool()(
        question=PoolQuestion(
            result=money("333.37"),
            target=zero(),
            kind=PlanKind.EXCESS_PROFIT,
            rules=rules(deferral=(50, 30, 20)),
            assignments=[person("s-1")],
            on_time_surrender=None,
            cycle_months=3,
            last_month=Month(2025, 3),
        )
    )
    parts = grants.grants[0].instalments
    assert [str(part.amount.amount) for part in parts] == ["50.01", "30.00", "20.00"]
    assert [part.payable_date for part in parts] == [date(y, 4, 1) for y in (2025, 2026, 2027)]
