"""What a pool can be computed from."""

from decimal import Decimal

import pytest

from services.incentives.application.preview_pool import InvalidPoolQuestion, PoolQuestion
from services.incentives.domain.pool_rules import PlanKind
from services.kernel.money import Money, money
from tests.builders.incentives import rules


def _asked(
    *, result: Money, target: Money, on_time_surrender: Decimal | None = None
) -> PoolQuestion:
    return PoolQuestion(
        result=result,
        target=target,
        kind=PlanKind.EXCESS_PROFIT,
        rules=rules(),
        assignments=(),
        on_time_surrender=on_time_surrender,
        cycle_months=12,
        last_month=None,
    )


def test_refuses_figures_in_another_currency_all_at_once() -> None:
    with pytest.raises(InvalidPoolQuestion, match="result: is in USD; pools are in CNY") as caught:
        _asked(result=money("1.00", "USD"), target=money("1.000", "BHD"))
    assert [wrong.field for wrong in caught.value.violations] == ["result", "target"]


def test_takes_figures_in_the_currency_of_the_books() -> None:
    assert _asked(result=money("1.00"), target=money("0")).result == money("1.00")


@pytest.mark.parametrize("rate", ["-0.1", "1.000001", "100"])
def test_refuses_a_surrender_rate_that_is_no_part(rate: str) -> None:
    with pytest.raises(InvalidPoolQuestion, match=f"on_time_surrender: {rate} is not"):
        _asked(result=money("1"), target=money("0"), on_time_surrender=Decimal(rate))
