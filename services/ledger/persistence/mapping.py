"""Entries, balances, months and accounts from rows and to rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping

from services.kernel.period import Month
from services.ledger.domain.balances import AccountBalance
from services.ledger.domain.chart import LedgerAccount, NormalSide, UnitKind
from services.ledger.domain.journal import Book, JournalEntry, Posting, RecordedEntry
from services.ledger.domain.months import MonthBooks, MonthState


def to_entry_row(entry: JournalEntry, recorded_at: datetime) -> Mapping[str, object]:
    """Write an entry without its legs."""
    return {
        "name": entry.name,
        "booking_date": entry.booking_date,
        "event_date": entry.event_date,
        "month": str(entry.month),
        "corrects_month": str(entry.corrects_month) if entry.corrects_month else None,
        "source": entry.source,
        "purpose": entry.purpose,
        "description": entry.description,
        "customer": entry.customer,
        "reverses": entry.reverses,
        "leg_count": len(entry.postings),
        "content_digest": entry.content_digest,
        "recorded_at": recorded_at,
    }


def to_posting_rows(entry: JournalEntry, recorded_at: datetime) -> list[Mapping[str, object]]:
    """Write the legs of an entry, numbered from one."""
    name, booking_date = entry.name, entry.booking_date
    return [
        {
            "entry": name,
            "leg": leg,
            "ledger_account": posting.ledger_account,
            "book": posting.book.value,
            "customer": posting.customer,
            "unit": posting.unit,
            "quantity": posting.quantity,
            "booking_date": booking_date,
            "recorded_at": recorded_at,
        }
        for leg, posting in enumerate(entry.postings, start=1)
    ]


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
