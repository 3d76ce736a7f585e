"""Reads the figures of a cycle from the other rooms, and measures them."""

from dataclasses import dataclass

from services.incentives.application.ports import (
    BenchmarkPrices,
    ClosedMonths,
    FeeIncome,
    PostedContracts,
    Provisions,
)
from services.incentives.domain.benchmark import questions_for
from services.incentives.domain.cycle import Cycle
from services.incentives.domain.figures import ClosedFigures
from services.incentives.domain.measurement import Measurement, measure
from services.incentives.domain.scheme import Scheme
from services.kernel.errors import WrongState


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureCycle:
    """Measures a cycle of closed months, as the books stand now."""

    closed_months: ClosedMonths
    contracts: PostedContracts
    fee_income: FeeIncome
    provisions: Provisions
    benchmark_prices: BenchmarkPrices

    def __call__(self, *, cycle: Cycle, scheme: Scheme) -> Measurement:
        """Read and measure.

        Raises:
            WrongState: a month of the cycle is open.
        """
        self.require_closed(cycle)
        months = self.contracts.months_through(cycle.last)
        with_rows = {row.contract for row in months}
        terms = tuple(t for t in self.contracts.terms() if t.name in with_rows)
        figures = ClosedFigures(
            contracts=terms,
            contract_months=months,
            fee_income=self.fee_income.of_months(cycle.months),
            provisions=self.provisions.of_months(cycle.months),
        )
        questions = questions_for(cycle, contracts=terms, benchmarks=scheme.benchmarks)
        prices = {question: self.benchmark_prices.average(question) for question in questions}
        return measure(cycle, figures=figures, benchmarks=scheme.benchmarks, prices=prices)

    def require_closed(self, cycle: Cycle) -> None:
        """Refuse a cycle with an open month.

        Raises:
            WrongState: naming the first open month.
        """
        month = self.closed_months.first_open(cycle.months)
        if month is not None:
            raise WrongState(
                f"months/{month} of the cycle {cycle} is not closed; close it first",
                subject=f"months/{month}",
                metadata={"month": str(month), "cycle": str(cycle)},
            )
