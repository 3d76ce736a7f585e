"""Schemes in PostgreSQL."""

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.incentives.domain.scheme import Scheme
from services.incentives.persistence.scheme_mapping import from_scheme_row, to_scheme_row
from services.incentives.persistence.tables import SCHEMES
from services.kernel.errors import AlreadyExists, NotFound
from services.kernel.identifiers import SchemeName
from services.kernel.page import Page, PageRequest
from services.runtime.unit_of_work import current_connection


class PostgresSchemes:
    """Writes and reads schemes on the current connection."""

    def add(self, scheme: Scheme) -> None:
        """Write a new one.

        Raises:
            AlreadyExists.
        """
        statement = upsert(SCHEMES).values(**to_scheme_row(scheme)).on_conflict_do_nothing()
        if current_connection().execute(statement.returning(SCHEMES.c.name)).first() is None:
            raise AlreadyExists(scheme.name)

    def get(self, name: SchemeName, *, lock: bool = False) -> Scheme:
        """Read one, and lock it if asked.

        Raises:
            NotFound.
        """
        query = select(SCHEMES).where(SCHEMES.c.name == name)
        query = query.with_for_update() if lock else query
        row = current_connection().execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound(name)
        return from_scheme_row(row)

    def approve(self, scheme: Scheme) -> None:
        """Write the approval of a scheme that was locked."""
        current_connection().execute(
            update(SCHEMES)
            .where(SCHEMES.c.name == scheme.name)
            .values(state=scheme.state.value, approver=scheme.approver)
        )

    def page(self, request: PageRequest) -> Page[Scheme]:
        """List by name."""
        query = select(SCHEMES).order_by(SCHEMES.c.name).limit(request.size + 1)
        if request.after:
            query = query.where(SCHEMES.c.name > request.after[0])
        rows = current_connection().execute(query).mappings().all()
        items = tuple(from_scheme_row(row) for row in rows[: request.size])
        return Page(items, (items[-1].name,) if len(rows) > request.size else None)
