"""Awards in PostgreSQL. Row security hides other people's from who may see only their own."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, Select, select

from services.incentives.domain.run import Award
from services.incentives.persistence.award_mapping import from_award_row, to_award_row
from services.incentives.persistence.tables import AWARDS, RUNS
from services.kernel.authority import RunState
from services.kernel.errors import NotFound
from services.kernel.identifiers import AwardName, RunName
from services.kernel.page import Page, PageRequest
from services.runtime.database import bulk_insert
from services.runtime.unit_of_work import current_connection

_GRANTED = (RunState.APPROVED.value, RunState.POSTED.value)


class PostgresAwards:
    """Writes and reads awards on the current connection."""

    def add_all(self, awards: Sequence[Award]) -> None:
        """Write them."""
        bulk_insert(AWARDS, [to_award_row(award) for award in awards])

    def get(self, name: AwardName, *, granted_only: bool) -> Award:
        """Read one; with ``granted_only`` just of approved runs.

        Raises:
            NotFound.
        """
        query = _query(granted_only=granted_only).where(AWARDS.c.name == name)
        row = current_connection().execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound(name)
        return from_award_row(row)

    def page(self, request: PageRequest, *, run: RunName | None, granted_only: bool) -> Page[Award]:
        """List by name."""
        query = _query(granted_only=granted_only).order_by(AWARDS.c.name).limit(request.size + 1)
        if request.after:
            query = query.where(AWARDS.c.name > request.after[0])
        if run is not None:
            query = query.where(AWARDS.c.run == run)
        rows = _rows(query)
        items = tuple(from_award_row(row) for row in rows[: request.size])
        return Page(items, (items[-1].name,) if len(rows) > request.size else None)

    def of_run(self, run: RunName) -> tuple[Award, ...]:
        """Read all of a run that the caller may see, by name."""
        query = _query(granted_only=False).where(AWARDS.c.run == run).order_by(AWARDS.c.name)
        return tuple(from_award_row(row) for row in _rows(query))


def _query(*, granted_only: bool) -> Select[tuple[object, ...]]:
    query = select(AWARDS)
    if not granted_only:
        return query
    return query.join(RUNS, RUNS.c.name == AWARDS.c.run).where(RUNS.c.state.in_(_GRANTED))


def _rows(query: Select[tuple[object, ...]]) -> Sequence[RowMapping]:
    return current_connection().execute(query).mappings().all()
