"""Which market price a contract is held against, by the scheme."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.incentives.domain.cycle import Cycle
from services.incentives.domain.figures import BenchmarkQuestion, ContractTerms
from services.kernel.errors import FieldViolation, InvalidInput
from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import InstrumentKind
from services.kernel.period import Month, Period


class BenchmarkKind(StrEnum):
    """TWAP: the plain mean of daily closes. VWAP: the amount by the tonnes traded."""

    TWAP = "TWAP"
    VWAP = "VWAP"


class InvalidBenchmark(InvalidInput):
    """The benchmark cannot be brought to the tax basis of a contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """The price series for a kind of instrument, and its tax basis."""

    instrument_kind: InstrumentKind
    price_series: PriceSeriesName
    kind: BenchmarkKind
    tax_inclusive: bool
    tax_rate: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuse a tax rate that is no part of a price."""
        if not 0 <= self.tax_rate <= 1:
            wrong = f"{self.tax_rate} is not 0 to 1"
            raise InvalidBenchmark(
                f"tax_rate: {wrong}", violations=(FieldViolation("tax_rate", wrong),)
            )


def benchmark_of(kind: InstrumentKind, benchmarks: Sequence[Benchmark]) -> Benchmark | None:
    """Find the benchmark for a kind of instrument; None where the scheme names none."""
    return next((b for b in benchmarks if b.instrument_kind is kind), None)


def questions_for(
    cycle: Cycle, *, contracts: Sequence[ContractTerms], benchmarks: Sequence[Benchmark]
) -> tuple[BenchmarkQuestion, ...]:
    """Ask for each contract's average to the end of the cycle, and to the end before it."""
    asked: list[BenchmarkQuestion] = []
    for contract in contracts:
        benchmark = benchmark_of(contract.instrument_kind, benchmarks)
        if benchmark is None or not contract.executed:
            continue
        for month in (cycle.first.previous(), cycle.last):
            period = window_to(contract, month)
            if period is not None:
                kind, series = benchmark.kind.value, benchmark.price_series
                asked.append(BenchmarkQuestion(contract.name, series, kind, period))
    return tuple(asked)


def window_to(contract: ContractTerms, month: Month) -> Period | None:
    """The days of a delivery window through the end of a month; None before it opens."""
    window = contract.delivery_window
    end = min(window.end, month.end)
    return Period(window.start, end) if end > window.start else None
