"""The chain in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select, text

from services.audit.application.ports import Unsealed
from services.audit.domain.chain import Head, Link, Seal
from services.audit.persistence.mapping import from_record_row, from_seal_row, to_seal_row
from services.audit.persistence.records import SEAL_COLUMNS
from services.audit.persistence.tables import RECORDS, SEALS
from services.runtime.unit_of_work import current_connection

_LOCK = text("SELECT pg_advisory_xact_lock(:key)")
_LOCK_KEY = 7_304_190_002  # any constant that no other lock of the house uses
# Transactions below it have ended, as this statement sees it.
_HORIZON = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
_NO_SEAL = ~select(SEALS.c.number).where(SEALS.c.number == RECORDS.c.number).exists()


class PostgresSeals:
    """Reads and extends the chain on the current connection."""

    def lock(self) -> None:
        """Wait for any other sealer, and keep others out until the transaction ends."""
        current_connection().execute(_LOCK, {"key": _LOCK_KEY})

    def head(self) -> Head:
        """Read the end of the chain."""
        query = select(SEALS.c.position, SEALS.c.hash).order_by(SEALS.c.position.desc()).limit(1)
        row = current_connection().execute(query).first()
        return Head() if row is None else Head(row.position, row.hash)

    def unsealed(self, *, limit: int) -> Unsealed:
        """Read committed records without a seal, by number.

        The horizon is read before the records, so that it is never too high. A horizon beyond the
        present comes from a restore into another cluster, which counts anew: then all are looked
        at. While more records wait than ``limit``, the horizon stays where it was.
        """
        reached, now = self._reached_horizon(), self.horizon()
        since = reached if reached <= now else 0
        query = select(RECORDS).where(RECORDS.c.transaction >= since, _NO_SEAL)
        rows = current_connection().execute(query.order_by(RECORDS.c.number).limit(limit))
        records = tuple(from_record_row(row) for row in rows.mappings())
        return Unsealed(records, since if len(records) == limit else now)

    def add_all(self, seals: Sequence[Seal], *, horizon: int) -> None:
        """Write seals, and how far everything is sealed with them."""
        if seals:
            rows = [to_seal_row(seal, horizon) for seal in seals]
            current_connection().execute(insert(SEALS), rows)

    def horizon(self) -> int:
        """Read the mark below which every transaction has ended."""
        mark: int = current_connection().execute(_HORIZON).scalar_one()
        return mark

    def stretch(
        self, *, written_from: datetime | None, written_before: datetime | None
    ) -> tuple[int, int] | None:
        """Find the first and last position of seals of a span of time; None when it is empty."""
        conditions: list[ColumnElement[bool]] = []
        if written_from is not None:
            conditions.append(SEALS.c.recorded_at >= written_from)
        if written_before is not None:
            conditions.append(SEALS.c.recorded_at < written_before)
        query = select(func.min(SEALS.c.position), func.max(SEALS.c.position)).where(*conditions)
        first, last = current_connection().execute(query).one()
        return None if first is None else (first, last)

    def head_at(self, position: int) -> Head:
        """Read what the seal after ``position`` is linked to."""
        query = select(SEALS.c.hash).where(SEALS.c.position == position)
        found: str | None = current_connection().execute(query).scalar()
        return Head(position) if found is None else Head(position, found)

    def links(self, *, after: int, through: int, limit: int) -> tuple[Link, ...]:
        """Read seals with their records by position; missing positions are simply not there."""
        query = (
            select(*SEAL_COLUMNS, RECORDS)
            .select_from(SEALS)
            .outerjoin(RECORDS, RECORDS.c.number == SEALS.c.number)
            .where(SEALS.c.position > after, SEALS.c.position <= through)
            .order_by(SEALS.c.position)
            .limit(limit)
        )
        return tuple(
            Link(from_seal_row(row), None if row["number"] is None else from_record_row(row))
            for row in current_connection().execute(query).mappings()
        )

    def first_unsealed(self, *, below: int) -> int | None:
        """Find the lowest number of a record without a seal, of transactions below a horizon."""
        query = select(func.min(RECORDS.c.number)).where(RECORDS.c.transaction < below, _NO_SEAL)
        found: int | None = current_connection().execute(query).scalar()
        return found

    def _reached_horizon(self) -> int:
        query = select(SEALS.c.horizon).order_by(SEALS.c.position.desc()).limit(1)
        reached: int | None = current_connection().execute(query).scalar()
        return reached or 0
