"""Who takes part in which scheme, in PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import func, insert, select

from services.incentives.domain.assignment import Assignment
from services.incentives.domain.scheme import Scheme
from services.incentives.persistence.scheme_mapping import (
    from_assignment_row,
    to_assignment_row,
)
from services.incentives.persistence.tables import ASSIGNMENT_VERSIONS, ASSIGNMENTS, SCHEMES
from services.kernel.identifiers import SchemeName
from services.runtime.database import bulk_insert
from services.runtime.unit_of_work import current_connection


class PostgresAssignments:
    """Writes and reads the people of schemes on the current connection."""

    def add(self, scheme: SchemeName, *, version: int, people: Sequence[Assignment]) -> None:
        """Write a version."""
        current_connection().execute(
            insert(ASSIGNMENT_VERSIONS).values(
                scheme=scheme, version=version, assignment_count=len(people)
            )
        )
        rows = [to_assignment_row(scheme, version, person) for person in people]
        bulk_insert(ASSIGNMENTS, rows)

    def newest_version(self, scheme: SchemeName) -> int:
        """Tell the version in force; 0 where there is none."""
        versions = ASSIGNMENT_VERSIONS.c
        query = select(func.max(versions.version)).where(versions.scheme == scheme)
        newest: int | None = current_connection().execute(query).scalar()
        return newest or 0

    def of_version(self, scheme: SchemeName, version: int) -> tuple[Assignment, ...]:
        """Read a version, by staff number."""
        columns = ASSIGNMENTS.c
        query = (
            select(ASSIGNMENTS)
            .where(columns.scheme == scheme, columns.version == version)
            .order_by(columns.staff_id)
        )
        rows = current_connection().execute(query).mappings()
        return tuple(from_assignment_row(row) for row in rows)

    def staff_in_other_schemes(self, scheme: Scheme) -> frozenset[str]:
        """Name the people of the newest versions of other schemes in force on a shared day."""
        versions, people, schemes = ASSIGNMENT_VERSIONS.c, ASSIGNMENTS.c, SCHEMES.c
        newest = (
            select(versions.scheme, func.max(versions.version).label("version"))
            .group_by(versions.scheme)
            .subquery()
        )
        query = (
            select(people.staff_id)
            .join(newest, (newest.c.scheme == people.scheme) & (newest.c.version == people.version))
            .join(SCHEMES, schemes.name == people.scheme)
            .where(
                schemes.name != scheme.name,
                schemes.state == "APPROVED",
                schemes.effective_start < scheme.effective_period.end,
                schemes.effective_end > scheme.effective_period.start,
                people.in_other_plan.is_(False),
            )
        )
        return frozenset(current_connection().execute(query).scalars())
