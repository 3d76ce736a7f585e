"""Entries, balances, months and accounts from rows and to rows."""

from collections.abc import Sequence

from sqlalchemy import RowMapping

from services.kernel.identifiers import JournalEntryName
from services.kernel.period import Month
from services.ledger.domain.balances import AccountBalance
from services.ledger.domain.chart import LedgerAccount, NormalSide, UnitKind
from services.ledger.domain.journal import Book, JournalEntry, Posting, RecordedEntry
from services.ledger.domain.months import MonthBooks, MonthState
from services.runtime.database import COPY_NULL, copy_text

ENTRY_COLUMNS = (
    "name",
    "booking_date",
    "event_date",
    "month",
    "corrects_month",
    "source",
    "purpose",
    "description",
    "customer",
    "reverses",
    "leg_count",
    "content_digest",
)
POSTING_COLUMNS = (
    "entry",
    "leg",
    "ledger_account",
    "book",
    "customer",
    "unit",
    "quantity",
    "booking_date",
)


def to_lines(name: JournalEntryName, entry: JournalEntry) -> tuple[str, list[str]]:
    """Write an entry without its legs, and its legs numbered from one, as lines of COPY.

    Both without the moment of recording, which all have alike.
    """
    booked = entry.booking_date.isoformat()
    values = (
        name,
        booked,
        entry.event_date.isoformat(),
        str(entry.month),
        str(entry.corrects_month) if entry.corrects_month else COPY_NULL,
        copy_text(entry.source),
        copy_text(entry.purpose),
        copy_text(entry.description),
        entry.customer or COPY_NULL,
        entry.reverses or COPY_NULL,
        str(len(entry.postings)),
        entry.content_digest,
    )
    legs = [
        f"{name}\t{leg}\t{account}\t{book}\t{customer or COPY_NULL}\t{unit}\t{quantity}\t{booked}"
        for leg, (account, book, unit, quantity, customer) in enumerate(entry.postings, start=1)
    ]
    return "\t".join(values), legs


def from_entry_row(row: RowMapping, legs: Sequence[RowMapping]) -> RecordedEntry:
    """Read an entry; ``legs`` are all its legs in order."""
    entry = JournalEntry(
        event_date=row["event_date"],
        month=Month.parse(row["month"]),
        source=row["source"],
        purpose=row["purpose"],
        description=row["description"],
        postings=tuple(_from_posting_row(leg) for leg in legs),
        corrects_month=Month.parse(row["corrects_month"]) if row["corrects_month"] else None,
        reverses=row["reverses"],
    )
    return RecordedEntry(entry, row["recorded_at"])


def _from_posting_row(row: RowMapping) -> Posting:
    return Posting(
        ledger_account=row["ledger_account"],
        book=Book(row["book"]),
        unit=row["unit"],
        quantity=row["quantity"],
        customer=row["customer"],
    )


def from_balance_row(row: RowMapping) -> AccountBalance:
    """Read a balance."""
    return AccountBalance(
        ledger_account=row["ledger_account"],
        book=Book(row["book"]),
        unit=row["unit"],
        debit=int(row["debit"]),
        credit=int(row["credit"]),
        customer=row["customer"],
    )


def from_month_row(row: RowMapping) -> MonthBooks:
    """Read the state of a month."""
    return MonthBooks(
        month=Month.parse(row["month"]),
        state=MonthState(row["state"]),
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        closed_by=row["closed_by"],
    )


def from_account_row(row: RowMapping) -> LedgerAccount:
    """Read an account."""
    return LedgerAccount(
        name=row["name"],
        effective_date=row["effective_date"],
        number=row["number"],
        display_name=row["display_name"],
        display_name_zh=row["display_name_zh"],
        book=Book(row["book"]),
        normal_side=NormalSide(row["normal_side"]),
        unit_kind=UnitKind(row["unit_kind"]),
        legal_source=row["legal_source"],
        source_verified=row["source_verified"],
    )
