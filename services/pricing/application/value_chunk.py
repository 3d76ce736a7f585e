"""ValueChunk: compute one part of a valuation; asked by the queue."""

from dataclasses import dataclass

from services.kernel.authority import RunState
from services.kernel.identifiers import ValuationName
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.valuation_ports import Valuations
from services.pricing.domain.offset_cover import OffsetCovers
from services.pricing.domain.portfolio.concluding import conclude, demand_of, results_digest
from services.pricing.domain.portfolio.limits import RiskLimits
from services.pricing.domain.portfolio.valuation import Valuation
from services.pricing.domain.portfolio.valuing import (
    portfolio_of,
    value_contracts,
    value_scenario,
    value_together,
)
from services.pricing.domain.trading_calendar import TradingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueChunk:
    """Computes a chunk, exactly once: its claim, its figures and its count commit together.

    The last chunk holds the whole against the limits of risk and concludes it.
    """

    unit_of_work: UnitOfWork
    valuations: Valuations
    calendar: TradingCalendar
    covers: OffsetCovers
    limits: RiskLimits

    def __call__(self, *, valuation: ValuationName, chunk: int) -> bool:
        """Compute it; False when it is done already, or the valuation was given up."""
        with self.unit_of_work():
            found = self.valuations.find(valuation)
            if found is None or found.state is not RunState.CALCULATING:
                return False
            if not self.valuations.claim_chunk(valuation, chunk=chunk):
                return False
            self._compute(found, chunk)
            counted = self.valuations.count_chunk(valuation)
            if counted.done_count == counted.chunk_count:
                self.valuations.conclude(self._concluded(counted))
            return True

    def _compute(self, valuation: Valuation, chunk: int) -> None:
        portfolio = portfolio_of(
            positions=self.valuations.positions(valuation.name),
            as_of=valuation.as_of,
            assumptions=valuation.assumptions,
            calendar=self.calendar,
        )
        scenario = self.valuations.scenario(valuation.name, chunk=chunk)
        if scenario is not None:
            figures = value_scenario(portfolio, scenario)
            self.valuations.keep_scenario(valuation.name, chunk=chunk, figures=figures)
            return
        values = value_contracts(portfolio)
        together = value_together(portfolio, values)
        self.valuations.keep_together(valuation.name, values=values, figures=together)

    def _concluded(self, valuation: Valuation) -> Valuation:
        figures = self.valuations.chunk_figures(valuation.name)
        results = conclude(
            valuation=valuation.name,
            as_of=valuation.as_of,
            figures=figures.together,
            scenarios=figures.scenarios,
            demand=demand_of(
                sale_tonnes=figures.together.sale_tonnes,
                due_tonnes=valuation.assumptions.due_tonnes,
                covers=self.covers,
                day=valuation.as_of,
            ),
            limits=self.limits,
        )
        return valuation.calculated(results=results, digest=results_digest(valuation, results))
