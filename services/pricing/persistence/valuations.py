"""Valuations in PostgreSQL, with their frozen positions, chunks and contract values."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, func, insert, select, text, update

from services.kernel.authority import RunState
from services.kernel.identifiers import CustomerName, ValuationName
from services.kernel.page import Page, PageRequest
from services.pricing.application.valuation_ports import ChunkFigures
from services.pricing.domain.portfolio.position import OpenPosition
from services.pricing.domain.portfolio.scenario import Scenario
from services.pricing.domain.portfolio.valuation import (
    ContractValue,
    PortfolioFigures,
    ScenarioFigures,
    Valuation,
)
from services.pricing.persistence.quote_tables import (
    CONTRACT_VALUES,
    VALUATION_CHUNKS,
    VALUATION_POSITIONS,
    VALUATIONS,
)
from services.pricing.persistence.valuation_mapping import (
    from_position_row,
    from_valuation_row,
    from_value_row,
    to_position_row,
    to_results_row,
    to_valuation_row,
    to_value_row,
)
from services.runtime.database import bulk_insert
from services.runtime.frozen_json import from_json
from services.runtime.unit_of_work import current_connection

_VALUATION, _CHUNK, _VALUE = VALUATIONS.c, VALUATION_CHUNKS.c, CONTRACT_VALUES.c
_LOCK_NUMBERS = text("SELECT pg_advisory_xact_lock(hashtextextended('valuation numbers', 0))")


class PostgresValuations:
    """Writes and reads valuations on the current connection."""

    def next_number(self, as_of: date) -> int:
        """Count on from the last valuation of a day; rivals wait until the transaction ends."""
        current_connection().execute(_LOCK_NUMBERS)
        query = select(func.max(_VALUATION.number)).where(_VALUATION.as_of == as_of)
        return int(current_connection().execute(query).scalar_one() or 0) + 1

    def add(
        self,
        valuation: Valuation,
        *,
        positions: Sequence[OpenPosition],
        scenarios: Sequence[Scenario],
    ) -> None:
        """Write a new one: chunk 0 values the contracts, each further one a scenario."""
        current_connection().execute(insert(VALUATIONS), to_valuation_row(valuation))
        rows = [to_position_row(valuation.name, position) for position in positions]
        bulk_insert(VALUATION_POSITIONS, rows)
        chunks = [
            {
                "valuation": valuation.name,
                "chunk": chunk,
                "scenario": scenario,
                "figures": None,
                "is_done": False,
            }
            for chunk, scenario in enumerate((None, *scenarios))
        ]
        current_connection().execute(insert(VALUATION_CHUNKS), chunks)

    def find(self, name: ValuationName) -> Valuation | None:
        """Read one."""
        return _one(select(VALUATIONS).where(_VALUATION.name == name))

    def list_valuations(self, page: PageRequest) -> Page[Valuation]:
        """Read a page by name."""
        query = select(VALUATIONS).order_by(_VALUATION.name).limit(page.size + 1)
        if page.after is not None:
            query = query.where(_VALUATION.name > page.after[0])
        rows = current_connection().execute(query).mappings().all()
        shown = tuple(from_valuation_row(row) for row in rows[: page.size])
        return Page(shown, (shown[-1].name,) if len(rows) > page.size else None)

    def positions(self, name: ValuationName) -> tuple[OpenPosition, ...]:
        """Read the positions as they were frozen, by contract."""
        query = (
            select(VALUATION_POSITIONS)
            .where(VALUATION_POSITIONS.c.valuation == name)
            .order_by(VALUATION_POSITIONS.c.contract)
        )
        return tuple(map(from_position_row, current_connection().execute(query).mappings()))

    def claim_chunk(self, name: ValuationName, *, chunk: int) -> bool:
        """Claim a chunk; False when it is claimed already.

        A rival's claim makes this wait until the rival commits or dies.
        """
        claimed = current_connection().execute(
            update(VALUATION_CHUNKS)
            .where(_CHUNK.valuation == name, _CHUNK.chunk == chunk, ~_CHUNK.is_done)
            .values(is_done=True)
        )
        return claimed.rowcount == 1

    def scenario(self, name: ValuationName, *, chunk: int) -> Scenario | None:
        """Read what a chunk computes: a scenario, or None for the contracts themselves."""
        query = select(_CHUNK.scenario).where(_CHUNK.valuation == name, _CHUNK.chunk == chunk)
        written = current_connection().execute(query).scalar_one()
        return None if written is None else from_json(Scenario, written)

    def keep_together(
        self,
        name: ValuationName,
        *,
        values: Sequence[ContractValue],
        figures: PortfolioFigures,
    ) -> None:
        """Write what the contracts came to."""
        bulk_insert(CONTRACT_VALUES, [to_value_row(name, value) for value in values])
        _keep(name, 0, figures)

    def keep_scenario(self, name: ValuationName, *, chunk: int, figures: ScenarioFigures) -> None:
        """Write what a scenario came to."""
        _keep(name, chunk, figures)

    def count_chunk(self, name: ValuationName) -> Valuation:
        """Count a chunk as done, locking the valuation until the transaction ends."""
        counted = update(VALUATIONS).where(_VALUATION.name == name)
        counted = counted.where(_VALUATION.state == RunState.CALCULATING.value)
        counted = counted.values(done_count=_VALUATION.done_count + 1)
        row = current_connection().execute(counted.returning(VALUATIONS)).mappings().one()
        return from_valuation_row(row)

    def chunk_figures(self, name: ValuationName) -> ChunkFigures:
        """Read what all chunks came to."""
        query = select(_CHUNK.figures).where(_CHUNK.valuation == name).order_by(_CHUNK.chunk)
        together, *scenarios = current_connection().execute(query).scalars()
        return ChunkFigures(
            from_json(PortfolioFigures, together),
            from_json(tuple[ScenarioFigures, ...], scenarios),
        )

    def conclude(self, valuation: Valuation) -> None:
        """Write the results of a valuation that is CALCULATED."""
        current_connection().execute(
            update(VALUATIONS)
            .where(_VALUATION.name == valuation.name)
            .values(**to_results_row(valuation))
        )

    def list_values(
        self, name: ValuationName, *, customer: CustomerName | None, page: PageRequest
    ) -> Page[ContractValue]:
        """Read a page of contract values, by contract."""
        query = select(CONTRACT_VALUES).where(_VALUE.valuation == name)
        query = query.order_by(_VALUE.contract).limit(page.size + 1)
        if customer is not None:
            query = query.where(_VALUE.customer == customer)
        if page.after is not None:
            query = query.where(_VALUE.contract > page.after[0])
        rows = current_connection().execute(query).mappings().all()
        shown = tuple(from_value_row(row) for row in rows[: page.size])
        return Page(shown, (shown[-1].contract,) if len(rows) > page.size else None)


def _one(query: Select[*tuple[object, ...]]) -> Valuation | None:
    row = current_connection().execute(query).mappings().first()
    return None if row is None else from_valuation_row(row)


def _keep(name: ValuationName, chunk: int, figures: PortfolioFigures | ScenarioFigures) -> None:
    statement = update(VALUATION_CHUNKS).where(_CHUNK.valuation == name, _CHUNK.chunk == chunk)
    current_connection().execute(statement.values(figures=figures))
