"""The worked carry-overs of compliance.csv, and how far credits cover."""

import csv
from importlib import resources
from pathlib import Path

import pytest

from services.pricing.domain.offset_cover import read_offset_covers
from services.settlement.domain.compliance import (
    ComplianceRule,
    RuleMissing,
    carry_over_tonnes,
    credit_cover_tonnes,
    read_compliance_rules,
)

DATA = resources.files("services.settlement.domain") / "compliance_rules.csv"
RULES = read_compliance_rules(DATA.read_text(encoding="utf-8").splitlines())
CASES = list(
    csv.DictReader((Path(__file__).parent / "compliance.csv").open(encoding="utf-8", newline=""))
)


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
@pytest.mark.parametrize("year", [2024, 2025])
def test_carries_over_as_worked_by_hand(case: dict[str, str], year: int) -> None:
    carried = carry_over_tonnes(
        rules=RULES,
        holding_tonnes=int(case["holding_tonnes"]),
        net_sold_tonnes=int(case["net_sold_tonnes"]),
        surrendered_in_full=case["surrendered_in_full"] == "yes",
        year=year,
    )
    assert carried == int(case["carry_over_tonnes"])


@pytest.mark.parametrize(
    ("due", "covered"), [(0, 0), (19, 0), (20, 1), (1_000_000, 50_000), (1_000_019, 50_000)]
)
def test_credits_cover_five_percent_of_what_is_due_in_whole_tonnes(due: int, covered: int) -> None:
    assert credit_cover_tonnes(rules=RULES, due_tonnes=due, year=2025) == covered


@pytest.mark.parametrize("year", [2023, 2026])
def test_knows_no_carry_over_beyond_the_years_of_its_rule(year: int) -> None:
    with pytest.raises(RuleMissing, match=str(year)):
        RULES.value(ComplianceRule.CARRY_OVER_MULTIPLE, year=year)


def test_every_rule_has_a_source() -> None:
    assert {each.rule for each in RULES.rules} == set(ComplianceRule)
    assert all(each.source for each in RULES.rules)


def test_plans_and_compliance_take_credits_to_cover_the_same() -> None:
    planned = resources.files("services.pricing.domain") / "offset_cover.csv"
    covers = read_offset_covers(planned.read_text(encoding="utf-8").splitlines())
    rules = [each for each in RULES.rules if each.rule is ComplianceRule.CREDIT_COVER_RATE]
    assert [(cover.rate, cover.source) for cover in covers.rules] == [
        (rule.value, rule.source) for rule in rules
    ]
