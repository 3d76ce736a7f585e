"""Schemes to the wire and back."""

from decimal import Decimal

import pytest
from tanheng.incentives.v1 import incentive_service_pb2, scheme_pb2

from services.incentives.api.pool_translation import from_wire_pool_question, to_wire_pool
from services.incentives.api.scheme_translation import from_wire_scheme, to_wire_scheme
from services.incentives.application.preview_pool import PreviewPool
from services.incentives.domain.legal_limit import InvalidLimit
from services.incentives.domain.pool_rules import ExcessTier, PoolRules
from services.incentives.domain.scheme import SchemeState
from services.kernel.money import money
from services.wire.money import to_wire_money
from services.wire.numbers import to_wire_decimal
from tests.builders.incentives import limit, scheme


def full_rules() -> PoolRules:
    return PoolRules(
        excess_tiers=(
            ExcessTier(money("1000000"), Decimal("0.1")),
            ExcessTier(None, Decimal("0.2")),
        ),
        pool_limit=limit(3, 10),
        income_tax_rate=limit(25, 100),
        participants_limit=limit(3, 10),
        staff_count=40,
        minimum_days_in_post=365,
        minimum_days_source="an invented statute",
        maximum_days_counted=365,
        person_cap=limit(2, 3),
        executives_limit=limit(3, 10),
        deferral_weights=(50, 30, 20),
        deferral_source="an invented statute",
    )


def test_comes_back_from_the_wire_as_it_went() -> None:
    draft = scheme(pool_rules=full_rules(), state=SchemeState.DRAFT, surrender_deadline="12-31")
    wire = to_wire_scheme(draft)
    back = from_wire_scheme(wire, "desk")
    assert to_wire_scheme(back).rules == wire.rules
    assert (back.rules, back.benchmarks) == (draft.rules, draft.benchmarks)


def test_refuses_a_limit_above_the_whole() -> None:
    wire = to_wire_scheme(scheme())
    wire.rules.pool_limit.numerator = 11
    with pytest.raises(InvalidLimit):
        from_wire_scheme(wire, "desk")


def test_previews_a_pool_of_wire_words() -> None:
    request = incentive_service_pb2.PreviewPoolRequest(
        result=to_wire_money(money("10000000")),
        rules=scheme_pb2.PoolRules(
            excess_tiers=[scheme_pb2.ExcessTier(pool_share=to_wire_decimal(Decimal("0.1")))],
            pool_limit=scheme_pb2.LegalLimit(numerator=3, denominator=10, source="invented"),
        ),
        assignments=[
            scheme_pb2.Assignment(
                staff_id="s-1",
                role="trader",
                coefficient=to_wire_decimal(Decimal(1)),
                individual_score=to_wire_decimal(Decimal(1)),
                days_in_post=365,
            )
        ],
    )
    answer = to_wire_pool(*PreviewPool()(question=from_wire_pool_question(request)))
    assert (answer.pool.units, answer.awards[0].amount.units) == (1_000_000, 1_000_000)
    assert not answer.awards[0].HasField("cap")
