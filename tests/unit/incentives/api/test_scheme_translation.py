"""Schemes to the wire and back."""

from decimal import Decimal

import pytest
from tanheng.incentives.v1 import incentive_service_pb2, scheme_pb2

from services.incentives.api.pool_translation import from_wire_pool_question, to_wire_pool
from services.incentives.api.scheme_translation import from_wire_scheme, to_wire_scheme
from services.incentives.application.preview_pool import PreviewPool
from services.incentives.domain.benchmark import InvalidBenchmark
from services.incentives.domain.legal_limit import InvalidLimit
from services.incentives.domain.pool_rules import ExcessTier, PoolRules
from services.incentives.domain.scheme import SchemeState
from services.kernel.errors import InvalidInput
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


def test_refuses_a_limit_above_the_whole_and_says_which() -> None:
    wire = to_wire_scheme(scheme(pool_rules=full_rules()))
    wire.rules.person_cap.numerator = 4
    with pytest.raises(InvalidLimit) as refusal:
        from_wire_scheme(wire, "desk")
    wrong = "scheme.rules.person_cap.numerator: 4/3 is not a part from 0 to 1"
    assert refusal.value.message == wrong
    assert [each.field for each in refusal.value.violations] == [wrong.partition(":")[0]]


def test_leads_what_the_rules_refuse_to_its_place_in_the_scheme() -> None:
    wire = to_wire_scheme(scheme())
    wire.rules.excess_tiers[-1].pool_share.value = "1.1"
    wire.rules.deferral_weights[:] = [0, 0]
    with pytest.raises(InvalidInput) as refusal:
        from_wire_scheme(wire, "desk")
    fields = [each.field for each in refusal.value.violations]
    place = f"scheme.rules.excess_tiers[{len(wire.rules.excess_tiers) - 1}].pool_share"
    assert fields == [place, "scheme.rules.deferral_weights"]


@pytest.mark.parametrize("rate", ["-1", "-0.06", "1.06"])
def test_refuses_a_benchmark_whose_tax_rate_is_no_part(rate: str) -> None:
    wire = to_wire_scheme(scheme())
    wire.benchmarks.add(instrument_kind=1, price_series="priceSeries/cea", kind=1)
    wire.benchmarks[-1].tax_rate.value = rate
    place = f"scheme.benchmarks\\[{len(wire.benchmarks) - 1}\\].tax_rate: {rate} is not 0 to 1"
    with pytest.raises(InvalidBenchmark, match=place):
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
