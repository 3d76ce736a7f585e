"""Valuations, positions and contract values from rows and to rows."""

from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import RowMapping

from services.kernel.authority import RunState
from services.kernel.finding import Finding
from services.kernel.identifiers import ContractName, CustomerName, ValuationName
from services.kernel.instrument import GuaranteeSide, InstrumentKind
from services.kernel.money import from_minor, to_minor
from services.kernel.period import Period
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.portfolio.limits import LimitUse
from services.pricing.domain.portfolio.position import OpenPosition, PromisedFrom
from services.pricing.domain.portfolio.valuation import (
    Assumptions,
    ContractValue,
    PortfolioFigures,
    ScenarioFigures,
    Valuation,
)
from services.runtime.frozen_json import from_json, from_json_text, to_json_text

Row = Mapping[str, object]


def to_valuation_row(valuation: Valuation) -> Row:
    """Write a valuation."""
    return {
        "name": valuation.name,
        "as_of": valuation.as_of,
        "number": valuation.number,
        "maker": valuation.maker,
        "created_at": valuation.created_at,
        "assumptions": valuation.assumptions,
        "chunk_count": valuation.chunk_count,
        "done_count": valuation.done_count,
        "model_version": valuation.model_version,
        **to_results_row(valuation),
    }


def to_results_row(valuation: Valuation) -> Row:
    """Write what a conclusion changes."""
    return {
        "state": valuation.state.value,
        "figures": valuation.figures,
        "scenarios": valuation.scenarios,
        "limits": valuation.limits,
        "findings": valuation.findings,
        "demand_cap_use": valuation.demand_cap_use,
        "digest": valuation.digest,
        "failure": valuation.failure,
    }


def from_valuation_row(row: RowMapping) -> Valuation:
    """Read a valuation."""
    figures = row["figures"]
    return Valuation(
        name=ValuationName(row["name"]),
        as_of=row["as_of"],
        number=row["number"],
        state=RunState(row["state"]),
        maker=row["maker"],
        created_at=row["created_at"],
        assumptions=from_json(Assumptions, row["assumptions"]),
        chunk_count=row["chunk_count"],
        done_count=row["done_count"],
        figures=None if figures is None else from_json(PortfolioFigures, figures),
        scenarios=from_json(tuple[ScenarioFigures, ...], row["scenarios"]),
        limits=from_json(tuple[LimitUse, ...], row["limits"]),
        findings=from_json(tuple[Finding, ...], row["findings"]),
        demand_cap_use=row["demand_cap_use"],
        model_version=row["model_version"],
        digest=row["digest"],
        failure=row["failure"],
    )


def to_position_row(valuation: ValuationName, position: OpenPosition) -> Row:
    """Write a position as it stands."""
    return {
        "valuation": valuation,
        "contract": position.contract,
        "customer": position.customer,
        "kind": position.kind.value,
        "window_start": position.window.start,
        "window_end": position.window.end,
        "volume_tonnes": position.volume_tonnes,
        "delivered_tonnes": position.delivered_tonnes,
        "delivered_amount": position.delivered_amount,
        "promised_amount": position.promised_amount,
        "tax_rate": position.tax_rate,
        "promised_prices": to_json_text(position.promised_prices),
        "terms": _terms_text(position.terms),
    }


def from_position_row(row: RowMapping) -> OpenPosition:
    """Read a position; equal terms are one object."""
    return OpenPosition(
        contract=ContractName(row["contract"]),
        customer=CustomerName(row["customer"]),
        kind=InstrumentKind(row["kind"]),
        terms=_terms(row["terms"]),
        window=Period(row["window_start"], row["window_end"]),
        volume_tonnes=row["volume_tonnes"],
        promised_prices=_prices(row["promised_prices"]),
        delivered_tonnes=row["delivered_tonnes"],
        delivered_amount=row["delivered_amount"],
        promised_amount=row["promised_amount"],
        tax_rate=row["tax_rate"],
    )


def to_value_row(valuation: ValuationName, value: ContractValue) -> Row:
    """Write what a contract is worth."""
    return {
        "valuation": valuation,
        "contract": value.contract,
        "customer": value.customer,
        "side": value.side.value,
        "kind": value.kind.value,
        "delivered_tonnes": value.delivered_tonnes,
        "remaining_tonnes": value.remaining_tonnes,
        "promised_price": value.promised_price,
        "expected_average": value.expected_average,
        "value_fen": to_minor(value.value),
        "delta": value.delta,
        "gamma": value.gamma,
        "vega": value.vega,
        "var_99_fen": to_minor(value.var_99),
    }


def from_value_row(row: RowMapping) -> ContractValue:
    """Read what a contract is worth."""
    return ContractValue(
        contract=ContractName(row["contract"]),
        customer=CustomerName(row["customer"]),
        side=GuaranteeSide(row["side"]),
        kind=InstrumentKind(row["kind"]),
        delivered_tonnes=row["delivered_tonnes"],
        remaining_tonnes=row["remaining_tonnes"],
        promised_price=row["promised_price"],
        expected_average=row["expected_average"],
        value=from_minor(row["value_fen"]),
        delta=row["delta"],
        gamma=row["gamma"],
        vega=row["vega"],
        var_99=from_minor(row["var_99_fen"]),
    )


@lru_cache(maxsize=4_096)
def _terms_text(terms: PromiseTerms) -> str:
    return to_json_text(terms)


@lru_cache(maxsize=4_096)
def _terms(written: str) -> PromiseTerms:
    return from_json(PromiseTerms, from_json_text(written))


@lru_cache(maxsize=4_096)
def _prices(written: str) -> tuple[PromisedFrom, ...]:
    return from_json(tuple[PromisedFrom, ...], from_json_text(written))
