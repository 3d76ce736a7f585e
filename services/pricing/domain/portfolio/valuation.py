"""A valuation: what was taken for granted, what came out, and where it stands."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from services.kernel.authority import RunState
from services.kernel.finding import Finding
from services.kernel.identifiers import ContractName, CustomerName, ValuationName
from services.kernel.instrument import GuaranteeSide, InstrumentKind
from services.kernel.money import Money
from services.pricing.domain.portfolio.limits import LimitUse
from services.pricing.domain.portfolio.market import Market
from services.pricing.domain.portfolio.scenario import (
    DEFAULT_CORRELATION,
    DEFAULT_WINDOW_DAYS,
    ScenarioKind,
)

DEFAULT_PATHS = 100_000
FEWEST_PATHS = 1_000
MOST_PATHS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What a valuation takes for granted. ``due_tonnes`` None: the demand is not looked at."""

    markets: tuple[Market, ...]
    seed: int
    correlation: Decimal = DEFAULT_CORRELATION
    path_count: int = DEFAULT_PATHS
    discount_rate: Decimal = Decimal(0)
    window_days: int = DEFAULT_WINDOW_DAYS
    due_tonnes: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFigures:
    """Mean, VaR and CVaR at 99 % with their sampling errors; CNY, losses positive."""

    mean: Money
    mean_error: Money
    var_99: Money
    var_99_error: Money
    cvar_99: Money
    cvar_99_error: Money
    probability_of_loss: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentFigures:
    """What the contracts on one kind come to; greeks in CNY by CNY of the spot, and by 1.00."""

    kind: InstrumentKind
    contract_count: int
    remaining_tonnes: int
    value: Money
    delta: Decimal
    gamma: Decimal
    vega: Decimal
    risk: RiskFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioFigures:
    """What all contracts come to. ``sale_tonnes`` of credits are promised to be sold."""

    contract_count: int
    remaining_tonnes: int
    sale_tonnes: int
    value: Money
    risk: RiskFigures
    instruments: tuple[InstrumentFigures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFigures:
    """What all contracts would come to under another market."""

    name: str
    kind: ScenarioKind
    description: str
    value: Money
    var_99: Money
    cvar_99: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractValue:
    """What one contract is worth to the house; ``var_99`` is of it alone."""

    contract: ContractName
    customer: CustomerName
    side: GuaranteeSide
    kind: InstrumentKind
    delivered_tonnes: int
    remaining_tonnes: int
    promised_price: Decimal
    expected_average: Decimal
    value: Money
    delta: Decimal
    gamma: Decimal
    vega: Decimal
    var_99: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuation:
    """All promises together, as of the close of a day. CALCULATED once every chunk is done.

    ``failure`` says why a FAILED one could not be computed; empty otherwise.
    """

    name: ValuationName
    as_of: date
    number: int
    state: RunState
    maker: str
    created_at: datetime
    assumptions: Assumptions
    chunk_count: int
    done_count: int = 0
    figures: PortfolioFigures | None = None
    scenarios: tuple[ScenarioFigures, ...] = ()
    limits: tuple[LimitUse, ...] = ()
    findings: tuple[Finding, ...] = ()
    demand_cap_use: Decimal | None = None
    model_version: str = ""
    digest: str = ""
    failure: str = ""

    def calculated(self, *, results: "Results", digest: str) -> "Valuation":
        """Conclude it, once."""
        return replace(
            self,
            state=RunState.CALCULATED,
            figures=results.figures,
            scenarios=results.scenarios,
            limits=results.limits,
            findings=(*self.findings, *results.findings),
            demand_cap_use=results.demand_cap_use,
            digest=digest,
        )

    def failed(self, failure: str) -> "Valuation":
        """Give the calculation up, saying why."""
        return replace(self, state=RunState.FAILED, failure=failure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What the chunks of a valuation came to together."""

    figures: PortfolioFigures
    scenarios: tuple[ScenarioFigures, ...]
    limits: tuple[LimitUse, ...]
    findings: tuple[Finding, ...]
    demand_cap_use: Decimal | None


def valuation_name(as_of: date, number: int) -> ValuationName:
    """Name the n-th valuation of a day."""
    return ValuationName(f"valuations/{as_of.isoformat()}-{number}")
