"""Formulas of a guarantee's figures: each gives its figure when somebody computes it."""

from dataclasses import replace

from services.kernel.period import Month
from services.settlement.domain.explanation import explain
from services.settlement.domain.guarantee import (
    Delivery,
    GuaranteeTerms,
    MonthOfOrigin,
    Reference,
    figures_to_date,
)
from tests.builders.settlement import FIRST_TABLE, terms

SEVENTY_FIVE, SEVENTY_EIGHT = 75_000_000, 78_000_000


def formulas(agreed: GuaranteeTerms, months: list[MonthOfOrigin]) -> dict[str, str]:
    explained = explain(agreed, months, figures_to_date(agreed, months))
    return {step.label: step.formula for step in explained.steps}


def test_undelivered_tonnes_count_in_the_promised_amount() -> None:
    agreed = replace(
        terms(), reference=Reference(86_000_000, 200_000), maturity=FIRST_TABLE[2].month
    )
    found = formulas(agreed, list(FIRST_TABLE[:3]))
    assert found["2025-02 promised amount to date"] == "round(75.00 x 140,000) = 10,500,000.00"
    assert found["2025-03 promised amount to date"] == "round(75.00 x 200,000) = 15,000,000.00"


def test_each_promised_price_is_rounded_by_itself() -> None:
    agreed = replace(terms(), prices=(SEVENTY_FIVE, SEVENTY_EIGHT))
    march = MonthOfOrigin(Month(2025, 3), (Delivery(0, 10, 70_000, 0), Delivery(1, 20, 140_000, 0)))
    promised = formulas(agreed, [march])["2025-03 promised amount to date"]
    assert promised == "round(75.00 x 10) + round(78.00 x 20) = 2,310.00"


def test_a_share_that_waits_for_maturity_says_how_it_was_earned() -> None:
    agreed = replace(terms(), share_at_maturity=True)
    share = formulas(agreed, list(FIRST_TABLE[:1]))["2025-01 gain share to date"]
    assert share == "round(0.30 x 12,000.00) = 3,600.00 accrued; payable from 2025-12 on"
