"""The state of each month in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.kernel.period import Month
from services.ledger.domain.months import MonthBooks, MonthState
from services.ledger.persistence.mapping import from_month_row
from services.ledger.persistence.tables import MONTHS
from services.runtime.unit_of_work import current_connection


class PostgresMonths:
    """Reads, locks and writes months on the current connection."""

    def first(self) -> MonthBooks | None:
        """Read the month that the books were opened with."""
        return _one(select(MONTHS).where(MONTHS.c.is_first))

    def first_open(self) -> MonthBooks | None:
        """Read the earliest open month; None while the books are not open."""
        is_open = MONTHS.c.state == MonthState.OPEN.value
        return _one(select(MONTHS).where(is_open).order_by(MONTHS.c.month).limit(1))

    def find(self, month: Month) -> MonthBooks | None:
        """Read one month."""
        return _one(select(MONTHS).where(MONTHS.c.month == str(month)))

    def list_months(self) -> tuple[MonthBooks, ...]:
        """Read every month that has a row, in order."""
        return _all(select(MONTHS).order_by(MONTHS.c.month))

    def open_first(self, month: MonthBooks) -> bool:
        """Write the first month; False when there is one already."""
        row = {**_open_row(month.month, month.opened_at), "is_first": True}
        statement = insert(MONTHS).values(row).on_conflict_do_nothing()
        written = current_connection().execute(statement.returning(MONTHS.c.month))
        return written.first() is not None

    def open_through(self, month: Month, *, opened_at: datetime) -> None:
        """Write rows, OPEN, for every month after the last row up to and with ``month``."""
        last = current_connection().execute(select(func.max(MONTHS.c.month))).scalar_one()
        fresh, following = list[dict[str, object]](), Month.parse(last).next()
        while following <= month:
            fresh.append(_open_row(following, opened_at))
            following = following.next()
        if fresh:
            statement = insert(MONTHS).values(fresh).on_conflict_do_nothing()
            current_connection().execute(statement)

    def lock_for_posting(self, months: Sequence[Month]) -> tuple[MonthBooks, ...]:
        """Lock and read months, in order, FOR SHARE: none of them can close meanwhile."""
        wanted = MONTHS.c.month.in_([str(month) for month in months])
        query = select(MONTHS).where(wanted).order_by(MONTHS.c.month)
        return _all(query.with_for_update(read=True))

    def lock_for_closing(self, month: Month) -> MonthBooks | None:
        """Lock and read a month FOR UPDATE: nothing is booked in it meanwhile."""
        return _one(select(MONTHS).where(MONTHS.c.month == str(month)).with_for_update())

    def save(self, month: MonthBooks) -> None:
        """Write the new state of a month."""
        statement = update(MONTHS).where(MONTHS.c.month == str(month.month))
        current_connection().execute(
            statement.values(
                state=month.state.value, closed_at=month.closed_at, closed_by=month.closed_by
            )
        )


def _open_row(month: Month, opened_at: datetime | None) -> dict[str, object]:
    return {
        "month": str(month),
        "is_first": False,
        "state": MonthState.OPEN.value,
        "opened_at": opened_at,
        "closed_by": "",
    }


def _one(query: Select[tuple[object, ...]]) -> MonthBooks | None:
    row = current_connection().execute(query).mappings().first()
    return None if row is None else from_month_row(row)


def _all(query: Select[tuple[object, ...]]) -> tuple[MonthBooks, ...]:
    return tuple(from_month_row(row) for row in current_connection().execute(query).mappings())
