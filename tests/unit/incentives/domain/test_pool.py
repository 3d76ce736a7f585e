"""The size of a pool."""

from decimal import Decimal

import pytest

from services.incentives.domain.pool import PoolSize, size_pool
from services.incentives.domain.pool_rules import ExcessTier, PlanKind, PoolRules
from services.kernel.money import Money, money
from services.kernel.tiers import TiersDoNotTile
from tests.builders.incentives import limit


def size(
    result: str, *, kind: PlanKind = PlanKind.EXCESS_PROFIT, surrendered: str | None = None
) -> PoolSize:
    rules = PoolRules(
        excess_tiers=(
            ExcessTier(money("1000000"), Decimal("0.10")),
            ExcessTier(money("3000000"), Decimal("0.20")),
            ExcessTier(None, Decimal("0.60")),
        ),
        pool_limit=limit(3, 10) if kind is PlanKind.EXCESS_PROFIT else limit(15, 100),
        income_tax_rate=limit(25, 100),
    )
    return size_pool(
        result=money(result),
        target=money("500000"),
        kind=kind,
        rules=rules,
        on_time_surrender=None if surrendered is None else Decimal(surrendered),
    )


@pytest.mark.parametrize(
    ("result", "pool"),
    [
        ("400000", "0"),
        ("500000", "0"),
        ("1500000", "100000"),
        ("2500000", "300000"),
        ("4500000", "1100000"),
        ("7500000", "2100000"),  # 2,900,000 by tiers, 3/10 of 7,000,000 by law
    ],
)
def test_takes_each_band_of_excess_at_its_own_share_up_to_the_limit(result: str, pool: str) -> None:
    assert size(result).pool == money(pool)


def test_limits_a_post_dividend_by_the_profit_after_tax() -> None:
    dividend = size("4500000", kind=PlanKind.POST_DIVIDEND)
    assert dividend.pool == money("506250")  # 15 % of 4,500,000 less 25 % tax


def test_rounds_the_limit_of_a_post_dividend_once_and_never_above_the_law() -> None:
    rules = PoolRules(
        excess_tiers=(ExcessTier(None, Decimal(1)),),
        pool_limit=limit(1, 18),
        income_tax_rate=limit(3, 4),
    )
    kind = PlanKind.POST_DIVIDEND
    found = size_pool(result=money("0.71"), target=money(0), kind=kind, rules=rules)
    assert found.pool == money(0)  # 0.1775 / 18 is less than a fen; 0.18 / 18 would be one
    assert set(found.explanation.steps[3].inputs) == {"source", "source of the tax rate"}
    assert found.explanation.steps[3].formula == "1/18 x profit after tax 0.71 x (1 - 3/4) = 0.00"


@pytest.mark.parametrize(("surrendered", "open_gate"), [("1", True), ("0.999999", False)])
def test_pays_nothing_unless_everything_was_surrendered_on_time(
    *, surrendered: str, open_gate: bool
) -> None:
    assert (size("1500000", surrendered=surrendered).pool > money(0)) is open_gate


def test_explains_every_step_with_its_numbers_and_the_law() -> None:
    steps = size("7500000").explanation.steps
    assert [step.label for step in steps] == [
        "gate",
        "excess",
        "pool by tiers",
        "limit",
        "pool",
    ]
    assert steps[2].formula.startswith("1000000.00 x 0.10 + 2000000.00 x 0.20")
    assert "statute" in steps[3].inputs["source"]


def test_refuses_tiers_that_leave_a_gap_at_the_end() -> None:
    bound: Money = money("5")
    with pytest.raises(TiersDoNotTile):
        PoolRules(excess_tiers=(ExcessTier(bound, Decimal("0.1")),), pool_limit=limit(3, 10))
