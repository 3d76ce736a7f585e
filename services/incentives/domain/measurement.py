"""A cycle measured: its metrics, its result without drift, and what was missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.incentives.domain.benchmark import Benchmark, benchmark_of, window_to
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.figures import (
    BenchmarkPrice,
    BenchmarkQuestion,
    ClosedFigures,
    ContractMonth,
    ContractTerms,
    total_of,
)
from services.incentives.domain.margin import (
    NO_MARGIN,
    Margin,
    market_margin,
    on_tax_basis,
    split_margin,
)
from services.incentives.domain.metric import Metric, MetricKind, of_money
from services.incentives.domain.ratios import guarantee_ratios
from services.kernel.finding import Finding, Severity
from services.kernel.money import Money, sum_money, zero
from services.kernel.period import Month

Prices = Mapping[BenchmarkQuestion, BenchmarkPrice]


@dataclass(frozen=True, slots=True)
class Measurement:
    """Posted profit after provisions and without drift, with every figure it is made of."""

    result: Money
    metrics: tuple[Metric, ...]
    findings: tuple[Finding, ...]


def measure(
    cycle: Cycle, *, figures: ClosedFigures, benchmarks: Sequence[Benchmark], prices: Prices
) -> Measurement:
    """Measure a cycle: ``result = fees + house - its tax - provisions - drift``.

    A benchmark that is missing or not final is a finding that blocks, never a guess.
    """
    metrics: list[Metric] = []
    findings: list[Finding] = []
    months = frozenset(cycle.months)
    for contract in sorted(figures.contracts, key=lambda c: c.name):
        rows = [row for row in figures.contract_months if row.contract == contract.name]
        mine, flaws = _contract_metrics(contract, rows, cycle, benchmarks, prices)
        metrics.extend(mine)
        findings.extend(flaws)
    in_cycle = [row for row in figures.contract_months if row.month in months]
    metrics.extend(guarantee_ratios(in_cycle))
    for kind, amounts in (
        (MetricKind.FEE_INCOME, figures.fee_income),
        (MetricKind.PROVISION, figures.provisions),
    ):
        metrics.extend(
            of_money(kind, f"months/{row.month}", row.amount, *row.sources)
            for row in amounts
            if row.month in months
        )
    drift = _sum_of(metrics, MetricKind.DRIFT)
    house = sum_money(row.profit for row in in_cycle)
    fees, provisions = (total_of(f, months) for f in (figures.fee_income, figures.provisions))
    profit = fees + house - provisions
    result = Money(profit.amount - drift, profit.currency)
    return Measurement(result, tuple(metrics), tuple(findings))


def _contract_metrics(
    contract: ContractTerms,
    rows: Sequence[ContractMonth],
    cycle: Cycle,
    benchmarks: Sequence[Benchmark],
    prices: Prices,
) -> tuple[list[Metric], list[Finding]]:
    in_cycle = [row for row in rows if row.month in cycle.months]
    if not in_cycle:
        return [], []
    try:
        now, words = _margin_to(contract, rows, cycle.last, benchmarks, prices)
        before, words_before = _margin_to(
            contract, rows, cycle.first.previous(), benchmarks, prices
        )
    except _NoBenchmarkError as missing:
        return [], [missing.finding]
    margin = now.less(before)
    inputs = {**words, **{f"{key} before": word for key, word in words_before.items()}}
    sources = tuple(sorted({source for row in in_cycle for source in row.sources}))
    subject = str(contract.name)
    amounts = {
        MetricKind.GUARANTEE_RESULT: sum_money(row.house for row in in_cycle),
        MetricKind.DRIFT: margin.drift,
        MetricKind.SKILL: margin.skill,
        MetricKind.TRADING_FEES: margin.fees,
        MetricKind.GAIN_SHARE: sum_money(row.share for row in in_cycle),
        MetricKind.RELIEF: sum_money(row.relief for row in in_cycle),
    }
    tax = sum_money(row.tax for row in in_cycle)
    if tax != zero():
        amounts[MetricKind.SETTLEMENT_TAX] = tax
    return [
        Metric(kind, subject, amount.amount, inputs, sources) for kind, amount in amounts.items()
    ], []


def _margin_to(
    contract: ContractTerms,
    rows: Sequence[ContractMonth],
    month: Month,
    benchmarks: Sequence[Benchmark],
    prices: Prices,
) -> tuple[Margin, dict[str, str]]:
    """Split the gain to the end of a month; also say by which numbers."""
    done = [row for row in rows if row.month <= month]
    if not done:
        return NO_MARGIN, {}
    gain = sum_money(row.gain for row in done)
    fees = sum_money(row.fees for row in done)
    tonnes = sum(row.tonnes for row in done)
    words = {"gain": str(gain.amount), "tonnes": str(tonnes)}
    if not contract.executed:
        return market_margin(gain=gain, fees=fees), words
    if tonnes == 0:
        return Margin(zero(), gain + fees, fees), words
    price, source = _benchmark_price(contract, month, benchmarks, prices)
    promised = sum((row.promised for row in done), Decimal(0))
    margin = split_margin(
        side=contract.side,
        tonnes=tonnes,
        promised=promised,
        benchmark=price,
        gain=gain,
        fees=fees,
    )
    return margin, {**words, "promised": str(promised), "benchmark": f"{price:.6f} by {source}"}


class _NoBenchmarkError(Exception):
    def __init__(self, contract: ContractTerms, reason: str, message: str, way_out: str) -> None:
        super().__init__(message)
        self.finding = Finding(Severity.RUN_BLOCKING, reason, str(contract.name), message, way_out)


def _benchmark_price(
    contract: ContractTerms, month: Month, benchmarks: Sequence[Benchmark], prices: Prices
) -> tuple[Decimal, str]:
    benchmark = benchmark_of(contract.instrument_kind, benchmarks)
    period = window_to(contract, month)
    if benchmark is None or period is None:
        wrong = f"the scheme names no benchmark for {contract.instrument_kind}"
        raise _NoBenchmarkError(contract, "BENCHMARK_MISSING", wrong, "approve a scheme with one")
    series = benchmark.price_series
    question = BenchmarkQuestion(contract.name, series, benchmark.kind.value, period)
    price = prices[question]
    span = f"{benchmark.kind} of {series} from {period.start} to {period.end}"
    if price.average is None:
        wrong = f"there is no {span}"
        raise _NoBenchmarkError(contract, "PRICE_MISSING", wrong, "import the prices; start again")
    if not price.final:
        wrong = f"prices are missing or not final in the {span}"
        raise _NoBenchmarkError(contract, "PRICE_NOT_FINAL", wrong, "import the final prices")
    converted = on_tax_basis(
        price.average,
        price_inclusive=benchmark.tax_inclusive,
        wanted_inclusive=contract.tax_inclusive,
        rate=benchmark.tax_rate,
    )
    return converted, price.source


def _sum_of(metrics: Sequence[Metric], kind: MetricKind) -> Decimal:
    return sum((m.value for m in metrics if m.kind is kind), Decimal(0))
