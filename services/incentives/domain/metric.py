"""A measured figure of closed months, frozen with its inputs and where they were read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from services.kernel.money import Money

COMPANY = "company"
"""The subject of a figure about the whole company."""


class MetricKind(StrEnum):
    """What is measured; money in CNY, ratios as plain numbers."""

    FEE_INCOME = "FEE_INCOME"
    GUARANTEE_RESULT = "GUARANTEE_RESULT"
    DRIFT = "DRIFT"
    SKILL = "SKILL"
    TRADING_FEES = "TRADING_FEES"
    GAIN_SHARE = "GAIN_SHARE"
    RELIEF = "RELIEF"
    SETTLEMENT_TAX = "SETTLEMENT_TAX"
    PROVISION = "PROVISION"
    GUARANTEE_HIT_RATIO = "GUARANTEE_HIT_RATIO"
    GUARANTEE_LOSS_RATIO = "GUARANTEE_LOSS_RATIO"
    ON_TIME_SURRENDER = "ON_TIME_SURRENDER"


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure: about a contract, a month or the company."""

    kind: MetricKind
    subject: str
    value: Decimal
    inputs: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


def of_money(kind: MetricKind, subject: str, amount: Money, *sources: str, **inputs: str) -> Metric:
    """Build a figure in CNY."""
    return Metric(kind, subject, amount.amount, inputs, sources)
