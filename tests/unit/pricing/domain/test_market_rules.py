from datetime import date
from decimal import Decimal

import pytest

from services.kernel.instrument import InstrumentKind
from services.pricing.domain.market_rules import MarketRule
from tests.builders.pricing import market


def cea_rule() -> MarketRule:
    rule = market().on(InstrumentKind.CEA, date(2021, 7, 19))
    assert rule is not None
    return rule


def test_lets_a_price_move_by_a_tenth_rounded_to_the_tick() -> None:
    band = cea_rule().price_band(Decimal("51.23"), trading_days=1)
    assert band == (Decimal("46.11"), Decimal("56.35"))


def test_applies_the_limit_once_for_each_trading_day_of_a_gap() -> None:
    band = cea_rule().price_band(Decimal("51.23"), trading_days=2)
    assert band == (Decimal("41.50"), Decimal("61.99"))


@pytest.mark.parametrize(
    ("kind", "day"), [(InstrumentKind.CEA, "2021-07-15"), (InstrumentKind.CCER, "2024-01-19")]
)
def test_knows_no_rule_before_the_market_opened(kind: InstrumentKind, day: str) -> None:
    assert market().on(kind, date.fromisoformat(day)) is None


def test_names_the_source_of_every_rule() -> None:
    assert all(rule.source for rule in market().rules)
