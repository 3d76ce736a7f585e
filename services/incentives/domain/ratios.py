"""Ratios over guarantees: how many did not lose, and how much was lost by what was promised."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from services.incentives.domain.figures import ContractMonth
from services.incentives.domain.metric import COMPANY, Metric, MetricKind
from services.kernel.identifiers import ContractName
from services.kernel.money import Money, sum_money

_PLACES = Decimal("0.000001")


def guarantee_ratios(rows: Sequence[ContractMonth]) -> list[Metric]:
    """Measure the hit ratio and the loss ratio of a cycle; neither where nothing was delivered."""
    houses = _house_by_contract(rows)
    promised = sum((row.promised for row in rows), Decimal(0))
    if not houses:
        return []
    hits = sum(1 for house in houses.values() if house.amount >= 0)
    words = {"contracts": str(len(houses)), "without a loss": str(hits)}
    metrics = [Metric(MetricKind.GUARANTEE_HIT_RATIO, COMPANY, _ratio(hits, len(houses)), words)]
    lost = sum((-h.amount for h in houses.values() if h.amount < 0), Decimal(0))
    if promised > 0:
        words = {"lost": str(lost), "promised": str(promised)}
        ratio = _ratio(lost, promised)
        metrics.append(Metric(MetricKind.GUARANTEE_LOSS_RATIO, COMPANY, ratio, words))
    return metrics


def _house_by_contract(rows: Sequence[ContractMonth]) -> dict[ContractName, Money]:
    names = sorted({row.contract for row in rows})
    return {name: sum_money(row.house for row in rows if row.contract == name) for name in names}


def _ratio(part: Decimal | int, whole: Decimal | int) -> Decimal:
    return (Decimal(part) / Decimal(whole)).quantize(_PLACES, rounding=ROUND_HALF_UP)
