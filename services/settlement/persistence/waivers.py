"""Waived findings in PostgreSQL; written once, never changed."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.kernel.errors import AlreadyExists
from services.kernel.period import Month
from services.runtime.unit_of_work import current_connection
from services.settlement.domain.month_close import Waiver
from services.settlement.persistence.tables.runs import WAIVERS


class PostgresWaivers:
    """Reads and writes waivers on the current connection."""

    def add(self, month: Month, waiver: Waiver) -> None:
        """Write a new one.

        Raises:
            AlreadyExists.
        """
        row = {
            "month": str(month),
            "reason": waiver.reason,
            "subject": waiver.subject,
            "justification": waiver.justification,
            "principal": waiver.principal,
            "time": waiver.time,
        }
        statement = insert(WAIVERS).values(row).on_conflict_do_nothing()
        written = current_connection().execute(statement.returning(WAIVERS.c.month)).first()
        if written is None:
            raise AlreadyExists(f"months/{month}: waiver of {waiver.reason} for {waiver.subject}")

    def of_month(self, month: Month) -> tuple[Waiver, ...]:
        """Read those of a month, in order of time."""
        query = select(WAIVERS).where(WAIVERS.c.month == str(month))
        rows = current_connection().execute(query.order_by(WAIVERS.c.time)).mappings()
        return tuple(
            Waiver(
                reason=row["reason"],
                subject=row["subject"],
                justification=row["justification"],
                principal=row["principal"],
                time=row["time"],
            )
            for row in rows
        )
