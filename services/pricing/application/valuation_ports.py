"""What the verbs of valuations need from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.kernel.finding import Finding
from services.kernel.identifiers import ContractName, CustomerName, ValuationName
from services.kernel.page import Page, PageRequest
from services.pricing.domain.portfolio.position import OpenPosition
from services.pricing.domain.portfolio.scenario import Scenario
from services.pricing.domain.portfolio.valuation import (
    ContractValue,
    PortfolioFigures,
    ScenarioFigures,
    Valuation,
)


@dataclass(frozen=True, slots=True)
class OpenBook:
    """Open contracts that can be valued, and what holds the others back."""

    positions: tuple[OpenPosition, ...]
    findings: tuple[Finding, ...] = ()


class OpenContracts(Protocol):
    """Tells which contracts are open: answered by settlement."""

    def __call__(self, *, as_of: date, names: Sequence[ContractName] | None) -> OpenBook:
        """Read those named, or all (None), as of the close of a day; by name.

        Raises:
            NotFound: a contract named does not exist, or is outside the caller's scope.
        """
        ...


class ValuationQueue(Protocol):
    """Defers the work of a valuation, in the transaction under way."""

    def value_chunk(self, *, valuation: ValuationName, chunk: int) -> None:
        """Have a chunk computed after the transaction commits."""
        ...


@dataclass(frozen=True, slots=True)
class ChunkFigures:
    """What the chunks of a valuation came to: the contracts together, and each scenario."""

    together: PortfolioFigures
    scenarios: tuple[ScenarioFigures, ...]


class Valuations(Protocol):
    """The valuations with their frozen positions, chunks and contract values."""

    def next_number(self, as_of: date) -> int:
        """Count on from the last valuation of a day, keeping rivals waiting."""
        ...

    def add(
        self,
        valuation: Valuation,
        *,
        positions: Sequence[OpenPosition],
        scenarios: Sequence[Scenario],
    ) -> None:
        """Write a new one: chunk 0 values the contracts, each further one a scenario."""
        ...

    def find(self, name: ValuationName) -> Valuation | None:
        """Read one."""
        ...

    def list_valuations(self, page: PageRequest) -> Page[Valuation]:
        """Read a page by name."""
        ...

    def positions(self, name: ValuationName) -> tuple[OpenPosition, ...]:
        """Read the positions as they were frozen, by contract."""
        ...

    def claim_chunk(self, name: ValuationName, *, chunk: int) -> bool:
        """Claim a chunk; False when it is claimed already."""
        ...

    def scenario(self, name: ValuationName, *, chunk: int) -> Scenario | None:
        """Read what a chunk computes: a scenario, or None for the contracts themselves."""
        ...

    def keep_together(
        self,
        name: ValuationName,
        *,
        values: Sequence[ContractValue],
        figures: PortfolioFigures,
    ) -> None:
        """Write what the contracts came to."""
        ...

    def keep_scenario(self, name: ValuationName, *, chunk: int, figures: ScenarioFigures) -> None:
        """Write what a scenario came to."""
        ...

    def count_chunk(self, name: ValuationName) -> Valuation:
        """Count a chunk as done, locking the valuation until the transaction ends."""
        ...

    def chunk_figures(self, name: ValuationName) -> ChunkFigures:
        """Read what all chunks came to."""
        ...

    def conclude(self, valuation: Valuation) -> None:
        """Write the results of a valuation that is CALCULATED."""
        ...

    def list_values(
        self, name: ValuationName, *, customer: CustomerName | None, page: PageRequest
    ) -> Page[ContractValue]:
        """Read a page of contract values, by contract."""
        ...
