"""Rules of compliance as dated data: how far credits cover, and how much may be carried over.

The data with their sources are ``compliance_rules.csv``. A source that says so was not verified:
check it before relying on it.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from services.kernel.errors import Refused


class RuleMissing(Refused):
    """No rule is known for the year; add it with its source."""

    reason = "WRONG_STATE"


class ComplianceRule(StrEnum):
    """The dated figures by name."""

    CREDIT_COVER_RATE = "CREDIT_COVER_RATE"
    CARRY_OVER_BASE_TONNES = "CARRY_OVER_BASE_TONNES"
    CARRY_OVER_MULTIPLE = "CARRY_OVER_MULTIPLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRule:
    """One figure, for allowances of ``first_year`` through ``last_year`` (None: and on)."""

    rule: ComplianceRule
    first_year: int
    last_year: int | None
    value: Decimal
    source: str

    def holds_in(self, year: int) -> bool:
        """Tell whether it holds for allowances of a year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


@dataclass(frozen=True, slots=True)
class ComplianceRules:
    """All rules, of all years."""

    rules: tuple[DatedRule, ...]

    def value(self, rule: ComplianceRule, *, year: int) -> Decimal:
        """Find a figure of a year.

        Raises:
            RuleMissing.
        """
        for each in self.rules:
            if each.rule is rule and each.holds_in(year):
                return each.value
        raise RuleMissing(f"{rule} is not known for {year}; add it", subject=f"{rule}/{year}")


def credit_cover_tonnes(*, rules: ComplianceRules, due_tonnes: int, year: int) -> int:
    """Compute how many allowances due of a plant and year credits may cover: ``floor(5 % x due)``.

    Raises:
        RuleMissing.
    """
    rate = rules.value(ComplianceRule.CREDIT_COVER_RATE, year=year)
    return _floor(rate * due_tonnes)


def carry_over_tonnes(
    *,
    rules: ComplianceRules,
    holding_tonnes: int,
    net_sold_tonnes: int,
    surrendered_in_full: bool,
    year: int,
) -> int:
    """Compute what an entity may carry over: ``floor(min(base + multiple x net sold, holding))``.

    Net sold below zero counts as zero; so a sale adds room only from where it is above. An entity
    that missed its surrender carries nothing over.

    Raises:
        RuleMissing.
    """
    base = rules.value(ComplianceRule.CARRY_OVER_BASE_TONNES, year=year)
    multiple = rules.value(ComplianceRule.CARRY_OVER_MULTIPLE, year=year)
    if not surrendered_in_full:
        return 0
    return _floor(min(base + multiple * max(net_sold_tonnes, 0), Decimal(holding_tonnes)))


def read_compliance_rules(lines: Iterable[str]) -> ComplianceRules:
    """Read lines of ``rule,first_year,last_year,value,source``; lines with # first are remarks."""
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return ComplianceRules(
        tuple(
            DatedRule(
                rule=ComplianceRule(row["rule"]),
                first_year=int(row["first_year"]),
                last_year=int(row["last_year"]) if row["last_year"] else None,
                value=Decimal(row["value"]),
                source=row["source"],
            )
            for row in rows
        )
    )


def _floor(tonnes: Decimal) -> int:
    return int(tonnes.to_integral_value(rounding=ROUND_FLOOR))
