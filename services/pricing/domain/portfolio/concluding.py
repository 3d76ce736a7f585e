"""Put the chunks of a valuation together: figures, scenarios, limits, demand, findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from services.kernel.digest import digest_of
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import ValuationName
from services.kernel.instrument import InstrumentKind
from services.kernel.money import Money
from services.pricing.domain.offset_cover import OffsetCovers
from services.pricing.domain.portfolio.limits import Measure, RiskLimits, limit_findings
from services.pricing.domain.portfolio.valuation import (
    PortfolioFigures,
    Results,
    ScenarioFigures,
    Valuation,
)
from services.pricing.domain.rounding import to_six_places


@dataclass(frozen=True, slots=True)
class Demand:
    """What credits are promised to be sold, as a part of what can be surrendered.

    ``use`` is None where the demand is not looked at, or is nothing; ``findings`` say the latter.
    """

    use: Decimal | None = None
    findings: tuple[Finding, ...] = ()


def conclude(
    *,
    valuation: ValuationName,
    as_of: date,
    figures: PortfolioFigures,
    scenarios: Sequence[ScenarioFigures],
    demand: Demand,
    limits: RiskLimits,
) -> Results:
    """Hold the figures against the limits of the day, and name what is exceeded or near."""
    measured: dict[tuple[Measure, InstrumentKind | None], Decimal] = {
        (Measure.VAR_99, None): _loss(figures.risk.var_99),
        (Measure.CVAR_99, None): _loss(figures.risk.cvar_99),
    }
    if scenarios:
        worst = min(scenarios, key=lambda each: each.value.amount)
        measured[Measure.WORST_SCENARIO, None] = _loss(figures.risk.mean - worst.value)
    for instrument in figures.instruments:
        measured[Measure.DELTA_TONNES, instrument.kind] = instrument.delta
    if demand.use is not None:
        measured[Measure.DEMAND_CAP_USE, InstrumentKind.CCER] = demand.use
    uses = limits.uses(measured, day=as_of)
    return Results(
        figures=figures,
        scenarios=tuple(scenarios),
        limits=uses,
        findings=(*limit_findings(uses, valuation=valuation), *demand.findings),
        demand_cap_use=demand.use,
    )


def demand_of(
    *, sale_tonnes: int, due_tonnes: Decimal | None, covers: OffsetCovers, day: date
) -> Demand:
    """Hold tonnes promised to be sold against the demand: ``floor(rate x due)`` is the most."""
    cover = covers.on(day)
    if due_tonnes is None or cover is None:
        return Demand()
    cap = (cover.rate * due_tonnes).to_integral_value(ROUND_FLOOR)
    if cap:
        return Demand(to_six_places(sale_tonnes / cap))
    return Demand(findings=(_no_demand(sale_tonnes, due_tonnes),)) if sale_tonnes else Demand()


def _no_demand(sale_tonnes: int, due_tonnes: Decimal) -> Finding:
    return Finding(
        Severity.WARNING,
        "DEMAND_CAP_EXCEEDED",
        "scenario.due_tonnes",
        f"{sale_tonnes} tonnes of credits are promised to be sold, and of {due_tonnes:f} tonnes due"
        " none can be covered by credits",
        "find other demand, or say the allowances due of those who surrender",
    )


def _loss(amount: Money) -> Decimal:
    """A gain uses up nothing of a limit."""
    return max(Decimal(0), amount.amount)


def results_digest(valuation: Valuation, results: Results) -> str:
    """Fingerprint what was taken for granted and what came out."""
    return digest_of([valuation.name, repr(valuation.assumptions), repr(results)])
