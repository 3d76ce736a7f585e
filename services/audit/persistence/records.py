"""The records in PostgreSQL."""

from sqlalchemy import ColumnElement, func, insert, select

from services.audit.application.ports import RecordFilter, SealedRecord
from services.audit.domain.record import AuditRecord
from services.audit.persistence.mapping import from_record_row, from_seal_row, to_record_row
from services.audit.persistence.tables import RECORDS, SEALS
from services.kernel.page import Page, PageRequest, PageTokenInvalid
from services.runtime.unit_of_work import current_connection

SEAL_COLUMNS = [
    SEALS.c[name].label(f"seal_{name}")
    for name in ("position", "number", "recorded_at", "record_digest", "hash")
]
_ADD = insert(RECORDS)
_ANY_ID = "/-"
_LAST_POSITION = 2**63 - 1


class PostgresAuditRecords:
    """Writes and reads records on the current connection."""

    def add(self, record: AuditRecord) -> None:
        """Write a record in the transaction under way."""
        current_connection().execute(_ADD, to_record_row(record))

    def list_sealed(self, which: RecordFilter, page: PageRequest) -> Page[SealedRecord]:
        """Read a page of sealed records by position."""
        after = 0 if page.after is None else _position_of(page.after)
        query = (
            select(RECORDS, *SEAL_COLUMNS)
            .join(SEALS, SEALS.c.number == RECORDS.c.number)
            .where(SEALS.c.position > after, *_conditions(which))
            .order_by(SEALS.c.position)
            .limit(page.size + 1)
        )
        rows = current_connection().execute(query).mappings().all()
        items = tuple(
            SealedRecord(from_record_row(row), from_seal_row(row)) for row in rows[: page.size]
        )
        more = len(rows) > page.size
        return Page(items, (str(items[-1].seal.position),) if more else None)


def _position_of(after: tuple[str, ...]) -> int:
    """Read where to go on; a caller can make up a token.

    Raises:
        PageTokenInvalid.
    """
    try:
        (position,) = (int(key) for key in after)
    except ValueError:
        raise PageTokenInvalid from None
    return max(0, min(position, _LAST_POSITION))


def _conditions(which: RecordFilter) -> list[ColumnElement[bool]]:
    columns, conditions = RECORDS.c, list[ColumnElement[bool]]()
    if which.written_from is not None:
        conditions.append(SEALS.c.recorded_at >= which.written_from)
    if which.written_before is not None:
        conditions.append(SEALS.c.recorded_at < which.written_before)
    if which.principal is not None:
        conditions.append(columns.principal == which.principal)
    if which.resource is not None and which.resource.endswith(_ANY_ID):
        conditions.append(func.starts_with(columns.resource, which.resource.removesuffix("-")))
    elif which.resource is not None:
        conditions.append(columns.resource == which.resource)
    return conditions
