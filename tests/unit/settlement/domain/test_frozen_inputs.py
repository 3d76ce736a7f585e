"""Inputs as text: enough to compute and explain a settlement again."""

from dataclasses import replace
from decimal import Decimal

from services.kernel.period import Month
from services.settlement.domain.explanation import explain_settlement
from services.settlement.domain.frozen_inputs import (
    SettlementInputs,
    freeze,
    freeze_terms,
    thaw,
)
from services.settlement.domain.guarantee import RULE_VERSION, Figure
from services.settlement.domain.settlement import Taxation
from tests.builders.settlement import FIRST_TABLE, terms

TERMS = terms(loss_cap_per_tonne=Decimal("0.50"))
INPUTS = SettlementInputs(
    terms=TERMS,
    taxation=Taxation(Decimal("0.06"), inclusive=True),
    months=list(FIRST_TABLE),
    posted={Month(2025, 1): Figure(60_000, 1, 0, 2, 1_200_000, 360_000, 0, 0)},
    custody={"CEA-2024": 200_000},
)


def _frozen(inputs: SettlementInputs) -> str:
    return freeze(freeze_terms(inputs.terms, inputs.taxation), inputs)


def test_gives_back_what_was_frozen() -> None:
    assert thaw(_frozen(INPUTS)) == INPUTS


def test_freezes_equal_inputs_to_equal_text_in_whichever_order_they_were_read() -> None:
    posted = {Month(2025, n): Figure(n, 0, 0, 0, 0, 0, 0, 0) for n in (2, 1)}
    turned = dict(sorted(posted.items()))
    one, other = replace(INPUTS, posted=posted), replace(INPUTS, posted=turned)
    assert _frozen(one) == _frozen(other)


def test_explains_a_settlement_with_its_numbers() -> None:
    explained = explain_settlement(thaw(_frozen(INPUTS)))
    formulas = {step.label: step.formula for step in explained.steps}
    assert explained.rule_version == RULE_VERSION
    assert formulas["2025-04 promised amount to date"] == ("round(75.00 x 200,000) = 15,000,000.00")
    assert formulas["2025-04 gain to date"] == "15,000,000.00 - 15,118,800.00 = -118,800.00"
    assert formulas["2025-02 gain share to date"] == "round(0.30 x 419,200.00) = 125,760.00"
    assert formulas["2025-04 relief to date"] == (
        "max(-118,800.00, -round(0.50 x 200,000)) - -118,800.00 = 18,800.00"
    )
    assert formulas["row of 2025-01"] == "moves 8,400.00, of which 8,400.00 is posted: 0.00"
