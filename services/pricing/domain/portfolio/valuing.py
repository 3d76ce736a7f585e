"""Compute a valuation: every contract by itself, all together on paths, and under other markets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.instrument import GuaranteeSide, InstrumentKind
from services.kernel.money import Money, round_money, sum_money
from services.pricing.domain.guarantee.arrays import Floats
from services.pricing.domain.guarantee.decimals import to_binary, to_decimal, year_fraction
from services.pricing.domain.portfolio.contract_value import ContractFigures, contract_figures
from services.pricing.domain.portfolio.market import Market
from services.pricing.domain.portfolio.position import OpenPosition
from services.pricing.domain.portfolio.risk import Risk, risk_of
from services.pricing.domain.portfolio.scenario import Scenario
from services.pricing.domain.portfolio.schedule import (
    ScheduledPositions,
    scheduled,
    summed_payoff,
)
from services.pricing.domain.portfolio.simulation import PathSettings, ScheduledPayoff, simulate
from services.pricing.domain.portfolio.valuation import (
    Assumptions,
    ContractValue,
    InstrumentFigures,
    PortfolioFigures,
    RiskFigures,
    ScenarioFigures,
)
from services.pricing.domain.trading_calendar import TradingCalendar

Groups = tuple[tuple[tuple[int, ...], ScheduledPositions], ...]
Markets = Mapping[InstrumentKind, Market]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Open contracts grouped by the days left to them, as of a day; markets for every kind."""

    positions: tuple[OpenPosition, ...]
    groups: Groups
    as_of: date
    assumptions: Assumptions

    @property
    def markets(self) -> Markets:
        """The markets taken for granted."""
        return {market.kind: market for market in self.assumptions.markets}


def portfolio_of(
    *,
    positions: Sequence[OpenPosition],
    as_of: date,
    assumptions: Assumptions,
    calendar: TradingCalendar,
) -> Portfolio:
    """Group positions, once for everything that is computed of them."""
    groups = scheduled(positions, start=as_of, calendar=calendar)
    return Portfolio(tuple(positions), groups, as_of, assumptions)


def value_contracts(portfolio: Portfolio) -> tuple[ContractValue, ...]:
    """Value every contract by itself, in the order of the positions."""
    found: dict[int, ContractValue] = {}
    for places, group in portfolio.groups:
        figures = contract_figures(
            group,
            market=portfolio.markets[group.kind],
            start=portfolio.as_of,
            discount=_discount(portfolio, group),
        )
        rows = _rows(figures)
        for place, row in zip(places, rows, strict=True):
            found[place] = _contract_value(portfolio.positions[place], row)
    return tuple(found[place] for place in range(len(portfolio.positions)))


def value_together(portfolio: Portfolio, values: Sequence[ContractValue]) -> PortfolioFigures:
    """Sum the contracts, and simulate them on one joint set of paths."""
    results = _simulated(portfolio, portfolio.markets, portfolio.assumptions.correlation)
    return PortfolioFigures(
        contract_count=len(values),
        remaining_tonnes=sum(value.remaining_tonnes for value in values),
        sale_tonnes=sum(
            value.remaining_tonnes
            for value in values
            if value.side is GuaranteeSide.SALE and value.kind is InstrumentKind.CCER
        ),
        value=sum_money(value.value for value in values),
        risk=_risk_figures(risk_of(_total(results, portfolio))),
        instruments=tuple(
            _instrument([value for value in values if value.kind is kind], kind, results[kind])
            for kind in results
        ),
    )


def value_scenario(portfolio: Portfolio, scenario: Scenario) -> ScenarioFigures:
    """Simulate all contracts under another market, on the same random numbers."""
    correlation = scenario.correlation
    if correlation is None:
        correlation = portfolio.assumptions.correlation
    results = _simulated(portfolio, scenario.markets(portfolio.markets), correlation)
    risk = risk_of(_total(results, portfolio))
    return ScenarioFigures(
        name=scenario.name,
        kind=scenario.kind,
        description=scenario.description,
        value=_yuan(risk.mean),
        var_99=_yuan(risk.var_99),
        cvar_99=_yuan(risk.cvar_99),
    )


def _simulated(
    portfolio: Portfolio, markets: Markets, correlation: Decimal
) -> Mapping[InstrumentKind, Floats]:
    assumptions = portfolio.assumptions
    schedules = [
        ScheduledPayoff(group.kind, group.days, _discount(portfolio, group), summed_payoff(group))
        for _, group in portfolio.groups
    ]
    settings = PathSettings(assumptions.path_count, assumptions.seed, to_binary(correlation))
    return simulate(schedules=schedules, markets=markets, start=portfolio.as_of, settings=settings)


def _total(results: Mapping[InstrumentKind, Floats], portfolio: Portfolio) -> Floats:
    total = np.zeros(portfolio.assumptions.path_count)
    for result in results.values():
        total += result
    return total


def _discount(portfolio: Portfolio, group: ScheduledPositions) -> float:
    """Discount from the last day left; what is over is due now."""
    last = group.days[-1] if group.days else portfolio.as_of
    years = year_fraction((last - portfolio.as_of).days)
    return float(np.exp(-to_binary(portfolio.assumptions.discount_rate) * years))


def _instrument(
    values: Sequence[ContractValue], kind: InstrumentKind, results: Floats
) -> InstrumentFigures:
    return InstrumentFigures(
        kind=kind,
        contract_count=len(values),
        remaining_tonnes=sum(value.remaining_tonnes for value in values),
        value=sum_money(value.value for value in values),
        delta=sum((value.delta for value in values), Decimal(0)),
        gamma=sum((value.gamma for value in values), Decimal(0)),
        vega=sum((value.vega for value in values), Decimal(0)),
        risk=_risk_figures(risk_of(results)),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    expected: float
    price: float
    value: float
    delta: float
    gamma: float
    vega: float
    var_99: float


def _rows(figures: ContractFigures) -> Iterator[_Row]:
    columns = (
        figures.expected,
        figures.prices,
        figures.values,
        figures.delta,
        figures.gamma,
        figures.vega,
        figures.var_99,
    )
    return map(_Row, *(column.tolist() for column in columns))


def _contract_value(position: OpenPosition, row: _Row) -> ContractValue:
    return ContractValue(
        contract=ContractName(position.contract),
        customer=CustomerName(position.customer),
        side=position.terms.side,
        kind=position.kind,
        delivered_tonnes=position.delivered_tonnes,
        remaining_tonnes=position.remaining_tonnes,
        promised_price=to_decimal(row.price),
        expected_average=to_decimal(row.expected),
        value=_yuan(row.value),
        delta=to_decimal(row.delta),
        gamma=to_decimal(row.gamma),
        vega=to_decimal(row.vega),
        var_99=_yuan(row.var_99),
    )


def _risk_figures(risk: Risk) -> RiskFigures:
    return RiskFigures(
        mean=_yuan(risk.mean),
        mean_error=_yuan(risk.mean_error),
        var_99=_yuan(risk.var_99),
        var_99_error=_yuan(risk.var_99_error),
        cvar_99=_yuan(risk.cvar_99),
        cvar_99_error=_yuan(risk.cvar_99_error),
        probability_of_loss=to_decimal(risk.probability_of_loss),
    )


def _yuan(amount: float) -> Money:
    """Round an amount that was simulated, or computed in binary numbers, to the fen."""
    return round_money(to_decimal(amount))
