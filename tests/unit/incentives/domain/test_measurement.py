"""A cycle measured."""

from collections.abc import Sequence
from decimal import Decimal

from services.incentives.domain.benchmark import questions_for
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.figures import (
    BenchmarkPrice,
    ClosedFigures,
    ContractMonth,
    ContractTerms,
    MonthFigure,
)
from services.incentives.domain.measurement import Measurement, measure
from services.incentives.domain.metric import MetricKind
from services.kernel.money import money
from services.kernel.period import Month
from tests.builders.incentives import JANUARY, contract_month, purchase, scheme

MONTHS = (Month(2025, 1), Month(2025, 2), Month(2025, 3), Month(2025, 4))
# Four months at 75.00: 200,000 t for 15,118,800.00.
WORKED = (
    contract_month(MONTHS[0], tonnes=60_000, gain="12000", share="3600"),
    contract_month(MONTHS[1], tonnes=80_000, gain="407200", share="122160"),
    contract_month(MONTHS[2], tonnes=40_000, gain="-318000", share="-95400"),
    contract_month(MONTHS[3], tonnes=20_000, gain="-220000", share="-30360"),
)


def measured(
    cycle: str,
    *,
    benchmark: str | None = "76.20",
    rows: Sequence[ContractMonth] = WORKED,
    terms: ContractTerms | None = None,
    final: bool = True,
) -> Measurement:
    contract, wanted = terms or purchase(), Cycle.parse(cycle)
    benchmarks = scheme().benchmarks
    price = None if benchmark is None else Decimal(benchmark)
    questions = questions_for(wanted, contracts=[contract], benchmarks=benchmarks)
    return measure(
        wanted,
        figures=ClosedFigures(
            contracts=(contract,),
            contract_months=tuple(rows),
            fee_income=(MonthFigure(JANUARY, money("1000")),),
            provisions=(MonthFigure(JANUARY, money("100")),),
        ),
        benchmarks=benchmarks,
        prices={q: BenchmarkPrice(price, final=final, source="a series") for q in questions},
    )


def values(measurement: Measurement) -> dict[MetricKind, Decimal]:
    return {metric.kind: metric.value for metric in measurement.metrics}


def test_parts_the_worked_contract_into_drift_and_skill() -> None:
    found = values(measured("2025"))
    assert found[MetricKind.DRIFT] == Decimal("-240000.00")
    assert found[MetricKind.SKILL] == Decimal("121200.00")
    assert found[MetricKind.GUARANTEE_RESULT] == Decimal("-118800.00")
    assert found[MetricKind.GAIN_SHARE] == 0


def test_counts_profit_without_drift() -> None:
    # 1,000 fees - 118,800 house - 100 provision + 240,000 of bad luck taken out
    assert measured("2025").result == money("122100")


def test_counts_no_tax_as_profit() -> None:
    row = contract_month(JANUARY, tonnes=60_000, gain="12000", share="3600", tax="475.47")
    measurement = measured("2025-01", rows=[row])
    found = values(measurement)
    assert found[MetricKind.GUARANTEE_RESULT] == Decimal("8400.00")
    assert found[MetricKind.SETTLEMENT_TAX] == Decimal("475.47")
    # 1,000 fees + 8,400 house - 475.47 tax - 100 provision + 72,000 of bad luck taken out
    assert measurement.result == money("80824.53")


def test_names_no_tax_where_there_is_none() -> None:
    assert MetricKind.SETTLEMENT_TAX not in values(measured("2025"))


def test_measures_a_later_cycle_by_what_was_added_since() -> None:
    found = values(measured("2025-04"))
    assert found[MetricKind.DRIFT] == Decimal("-24000.00")  # 20,000 t x (75.00 - 76.20)
    assert found[MetricKind.GUARANTEE_RESULT] == Decimal("-189640.00")


def test_gives_the_desk_no_part_in_a_market_contract() -> None:
    found = values(measured("2025", terms=purchase(executed=False)))
    assert found[MetricKind.SKILL] == 0
    assert found[MetricKind.DRIFT] == Decimal("-118800.00")


def test_names_a_missing_benchmark_and_guesses_nothing() -> None:
    measurement = measured("2025", benchmark=None)
    assert [finding.reason for finding in measurement.findings] == ["PRICE_MISSING"]
    assert MetricKind.DRIFT not in values(measurement)


def test_names_a_benchmark_that_is_not_final() -> None:
    assert [f.reason for f in measured("2025", final=False).findings] == ["PRICE_NOT_FINAL"]


def test_measures_how_many_contracts_did_not_lose_and_how_much_was_lost() -> None:
    found = values(measured("2025"))
    assert found[MetricKind.GUARANTEE_HIT_RATIO] == 0
    assert found[MetricKind.GUARANTEE_LOSS_RATIO] == Decimal("0.007920")  # 118,800 of 15,000,000
