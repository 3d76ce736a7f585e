"""Valuations ⇄ wire, also as operations."""

from decimal import Decimal

from google.longrunning import operations_pb2
from google.protobuf.any_pb2 import Any
from tanheng.common.v1 import common_pb2
from tanheng.pricing.v1 import valuation_pb2 as wire

from services.kernel.authority import RunState
from services.kernel.identifiers import PriceSeriesName, ValuationName, id_of
from services.kernel.instrument import InstrumentKind
from services.kernel.money import Money
from services.pricing.api.quote_question_translation import from_wire_forward_curve
from services.pricing.api.quote_translation import to_wire_forward_curve
from services.pricing.domain.portfolio.asked import AskedMarket, AskedScenario
from services.pricing.domain.portfolio.limits import LimitUse
from services.pricing.domain.portfolio.market import Market
from services.pricing.domain.portfolio.scenario import DEFAULT_CORRELATION, DEFAULT_WINDOW_DAYS
from services.pricing.domain.portfolio.valuation import (
    DEFAULT_PATHS,
    ContractValue,
    InstrumentFigures,
    RiskFigures,
    ScenarioFigures,
    Valuation,
)
from services.wire.authority import to_wire_run_state
from services.wire.dates import to_wire_date, to_wire_time
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.finding import to_wire_finding
from services.wire.instrument import to_wire_side
from services.wire.money import to_wire_money
from services.wire.numbers import from_wire_optional_decimal, to_wire_decimal
from services.wire.run_failure import to_wire_run_failure


def from_wire_scenario(request: wire.ValueContractsRequest) -> AskedScenario:
    """Read what is taken for granted; what is unset has its default.

    Raises:
        InvalidInput: a number or a day is wrong in itself.
    """
    scenario = request.scenario
    correlation = from_wire_optional_decimal(scenario, "correlation")
    return AskedScenario(
        markets=tuple(
            _from_wire_market(market, f"scenario.markets[{index}]")
            for index, market in enumerate(scenario.markets)
        ),
        correlation=DEFAULT_CORRELATION if correlation is None else correlation,
        path_count=scenario.path_count or DEFAULT_PATHS,
        seed=scenario.seed,
        discount_rate=from_wire_optional_decimal(scenario, "discount_rate") or Decimal(0),
        window_days=scenario.window_days or DEFAULT_WINDOW_DAYS,
        due_tonnes=from_wire_optional_decimal(scenario, "due_tonnes"),
    )


def to_wire_valuation(valuation: Valuation) -> wire.Valuation:
    """Write a valuation; figures that are not there yet stay unset."""
    figures, assumed, use = valuation.figures, valuation.assumptions, valuation.demand_cap_use
    written = wire.Valuation(
        name=valuation.name,
        as_of_date=to_wire_date(valuation.as_of),
        number=valuation.number,
        state=to_wire_run_state(valuation.state),
        limits=[_to_wire_limit(each) for each in valuation.limits],
        markets=[_to_wire_market(market) for market in assumed.markets],
        correlation=to_wire_decimal(assumed.correlation),
        path_count=assumed.path_count,
        seed=assumed.seed,
        discount_rate=to_wire_decimal(assumed.discount_rate),
        findings=[to_wire_finding(finding) for finding in valuation.findings],
        digest=valuation.digest,
        maker=valuation.maker,
        create_time=to_wire_time(valuation.created_at),
        model_version=valuation.model_version,
        demand_cap_use=None if use is None else to_wire_decimal(use),
        failure=valuation.failure,
    )
    if figures is not None:
        base = figures.risk.mean
        figured = wire.Valuation(
            contract_count=figures.contract_count,
            remaining_tonnes=figures.remaining_tonnes,
            value=to_wire_money(figures.value),
            risk=_to_wire_risk(figures.risk),
            instruments=[_to_wire_instrument(each) for each in figures.instruments],
            scenarios=[_to_wire_outcome(each, base) for each in valuation.scenarios],
        )
        written.MergeFrom(figured)
    return written


def to_wire_valuation_operation(valuation: Valuation) -> operations_pb2.Operation:
    """Write a valuation as an operation, done when its figures are there."""
    operation = operations_pb2.Operation(
        name=f"operations/valuations.{id_of(valuation.name)}",
        metadata=_packed(
            common_pb2.RunProgress(
                resource=valuation.name,
                stage=valuation.state.value.lower(),
                done_count=valuation.done_count,
                total_count=valuation.chunk_count,
            )
        ),
        done=valuation.state is not RunState.CALCULATING,
    )
    if valuation.state is RunState.FAILED:
        failed = to_wire_run_failure(run=valuation.name, room="pricing", failure=valuation.failure)
        operation.error.CopyFrom(failed)
    elif operation.done:
        operation.response.CopyFrom(_packed(to_wire_valuation(valuation)))
    return operation


def to_wire_contract_value(valuation: ValuationName, value: ContractValue) -> wire.ContractValue:
    """Write what one contract is worth."""
    return wire.ContractValue(
        valuation=valuation,
        contract=value.contract,
        customer=value.customer,
        side=to_wire_side(value.side),
        kind=to_wire_enum(value.kind, common_pb2.InstrumentKind),
        delivered_tonnes=value.delivered_tonnes,
        remaining_tonnes=value.remaining_tonnes,
        promised_price=to_wire_decimal(value.promised_price),
        expected_average=to_wire_decimal(value.expected_average),
        value=to_wire_money(value.value),
        delta=to_wire_decimal(value.delta),
        gamma=to_wire_decimal(value.gamma),
        vega=to_wire_decimal(value.vega),
        var_99=to_wire_money(value.var_99),
    )


def _from_wire_market(market: wire.MarketAssumption, field: str) -> AskedMarket:
    return AskedMarket(
        kind=from_wire_enum(
            InstrumentKind, market.kind, common_pb2.InstrumentKind, f"{field}.kind"
        ),
        series=PriceSeriesName(market.series) if market.series else None,
        spot=from_wire_optional_decimal(market, "spot"),
        carry_rate=from_wire_optional_decimal(market, "carry_rate") or Decimal(0),
        forward_curve=from_wire_forward_curve(market.forward_curve, f"{field}.forward_curve"),
        volatility=from_wire_optional_decimal(market, "volatility"),
    )


def _to_wire_market(market: Market) -> wire.ValuedMarket:
    return wire.ValuedMarket(
        kind=to_wire_enum(market.kind, common_pb2.InstrumentKind),
        series=market.series or "",
        spot=None if market.spot is None else to_wire_decimal(market.spot),
        spot_source=market.spot_source,
        carry_rate=to_wire_decimal(market.carry_rate),
        forward_curve=to_wire_forward_curve(market.forward_curve),
        volatility=to_wire_decimal(market.volatility),
        volatility_source=market.volatility_source,
    )


def _to_wire_risk(risk: RiskFigures) -> wire.RiskFigures:
    return wire.RiskFigures(
        mean=to_wire_money(risk.mean),
        mean_error=to_wire_money(risk.mean_error),
        var_99=to_wire_money(risk.var_99),
        var_99_error=to_wire_money(risk.var_99_error),
        cvar_99=to_wire_money(risk.cvar_99),
        cvar_99_error=to_wire_money(risk.cvar_99_error),
        probability_of_loss=to_wire_decimal(risk.probability_of_loss),
    )


def _to_wire_instrument(figures: InstrumentFigures) -> wire.InstrumentValue:
    return wire.InstrumentValue(
        kind=to_wire_enum(figures.kind, common_pb2.InstrumentKind),
        contract_count=figures.contract_count,
        remaining_tonnes=figures.remaining_tonnes,
        value=to_wire_money(figures.value),
        delta=to_wire_decimal(figures.delta),
        gamma=to_wire_decimal(figures.gamma),
        vega=to_wire_decimal(figures.vega),
        risk=_to_wire_risk(figures.risk),
    )


def _to_wire_outcome(figures: ScenarioFigures, base: Money) -> wire.ScenarioOutcome:
    return wire.ScenarioOutcome(
        scenario=figures.name,
        kind=to_wire_enum(figures.kind, wire.ScenarioKind),
        description=figures.description,
        value=to_wire_money(figures.value),
        change=to_wire_money(figures.value - base),
        var_99=to_wire_money(figures.var_99),
        cvar_99=to_wire_money(figures.cvar_99),
    )


def _to_wire_limit(use: LimitUse) -> wire.LimitUse:
    return wire.LimitUse(
        measure=use.measure,
        figure=to_wire_decimal(use.figure),
        limit=to_wire_decimal(use.limit),
        use=to_wire_decimal(use.use),
        source=use.source,
    )


def _packed(message: wire.Valuation | common_pb2.RunProgress) -> Any:
    packed = Any()
    packed.Pack(message)
    return packed
