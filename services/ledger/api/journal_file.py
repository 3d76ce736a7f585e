"""A month's journal as a file: one line a posting."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from google.api.httpbody_pb2 import HttpBody
from tanheng.ledger.v1 import ledger_service_pb2 as wire

from services.kernel.money import from_minor
from services.ledger.application.export_journal import JournalLine
from services.ledger.domain.journal import is_tonnes
from services.runtime.documents import CSV_TYPE, XLSX_TYPE, Row, csv_chunks, xlsx_chunks

HEADER = (
    "entry",
    "booking_date",
    "event_date",
    "month",
    "corrects_month",
    "source",
    "purpose",
    "description",
    "reverses",
    "book",
    "account_number",
    "account",
    "account_name",
    "account_name_zh",
    "customer",
    "unit",
    "debit",
    "credit",
    "recorded_at",
)

Writer = Callable[[Iterable[Row]], Iterator[bytes]]


def journal_file(
    lines: Iterable[JournalLine], file_format: wire.JournalFormat.ValueType
) -> Iterator[HttpBody]:
    """Write the lines in pieces; each piece says the type of the whole."""
    content_type, write = _WRITERS[file_format]
    for piece in write(_row(line) for line in lines):
        yield HttpBody(content_type=content_type, data=piece)


_WRITERS: Mapping[int, tuple[str, Writer]] = {
    wire.JOURNAL_FORMAT_CSV: (CSV_TYPE, lambda rows: csv_chunks(HEADER, rows)),
    wire.JOURNAL_FORMAT_XLSX: (XLSX_TYPE, lambda rows: xlsx_chunks("journal", HEADER, rows)),
}


def _row(line: JournalLine) -> Row:
    entry, posting, account = line.recorded.entry, line.posting, line.account
    quantity, unit = posting.quantity, posting.unit
    return (
        entry.name,
        entry.booking_date,
        entry.event_date,
        str(entry.month),
        str(entry.corrects_month or ""),
        entry.source,
        entry.purpose,
        entry.description,
        entry.reverses or "",
        posting.book.value,
        account.number,
        account.name,
        account.display_name,
        account.display_name_zh,
        posting.customer or "",
        unit,
        _figure(max(quantity, 0), unit),
        _figure(max(-quantity, 0), unit),
        line.recorded.recorded_at,
    )


def _figure(quantity: int, unit: str) -> Decimal | int:
    return quantity if is_tonnes(unit) else from_minor(quantity, unit).amount
