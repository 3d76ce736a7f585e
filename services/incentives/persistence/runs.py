"""Incentive runs in PostgreSQL."""

from sqlalchemy import insert, select, update

from services.incentives.domain.cycle import Cycle
from services.incentives.domain.run import IncentiveRun
from services.incentives.persistence.run_mapping import (
    from_run_row,
    to_changing_columns,
    to_run_row,
)
from services.incentives.persistence.tables import RUNS
from services.kernel.errors import NotFound
from services.kernel.identifiers import RunName, SchemeName
from services.kernel.page import Page, PageRequest
from services.runtime.unit_of_work import current_connection


class PostgresRuns:
    """Writes and reads runs on the current connection."""

    def add(self, run: IncentiveRun) -> None:
        """Write a new one."""
        current_connection().execute(insert(RUNS).values(**to_run_row(run)))

    def get(self, name: RunName, *, lock: bool = False) -> IncentiveRun:
        """Read one, and lock it if asked.

        Raises:
            NotFound.
        """
        query = select(RUNS).where(RUNS.c.name == name)
        query = query.with_for_update() if lock else query
        row = current_connection().execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound(name)
        return from_run_row(row)

    def save(self, run: IncentiveRun) -> None:
        """Write what changed of a run that was locked."""
        current_connection().execute(
            update(RUNS).where(RUNS.c.name == run.name).values(**to_changing_columns(run))
        )

    def of_scheme(self, scheme: SchemeName) -> tuple[IncentiveRun, ...]:
        """Read all runs of a scheme, by number within cycle."""
        columns = RUNS.c
        query = select(RUNS).where(columns.scheme == scheme).order_by(columns.cycle, columns.number)
        return tuple(from_run_row(row) for row in current_connection().execute(query).mappings())

    def page(
        self, request: PageRequest, *, scheme: SchemeName | None, cycle: Cycle | None
    ) -> Page[IncentiveRun]:
        """List by name."""
        query = select(RUNS).order_by(RUNS.c.name).limit(request.size + 1)
        if request.after:
            query = query.where(RUNS.c.name > request.after[0])
        if scheme is not None:
            query = query.where(RUNS.c.scheme == scheme)
        if cycle is not None:
            query = query.where(RUNS.c.cycle == str(cycle))
        rows = current_connection().execute(query).mappings().all()
        items = tuple(from_run_row(row) for row in rows[: request.size])
        return Page(items, (items[-1].name,) if len(rows) > request.size else None)
