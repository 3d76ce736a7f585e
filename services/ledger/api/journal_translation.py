"""Accounts, entries and balances: wire ⇄ domain."""

from google.type.money_pb2 import Money as WireMoney
from tanheng.ledger.v1 import journal_pb2 as wire
from tanheng.ledger.v1 import ledger_service_pb2 as service

from services.kernel.identifiers import CustomerName
from services.kernel.money import from_minor
from services.ledger.application.ports import EntryFilter
from services.ledger.domain.balances import TrialBalance, TrialBalanceLine
from services.ledger.domain.chart import LedgerAccount
from services.ledger.domain.journal import Book, Posting, RecordedEntry, is_tonnes
from services.wire.dates import from_wire_optional_period, to_wire_date, to_wire_time
from services.wire.enums import to_wire_enum
from services.wire.money import to_wire_money


def from_wire_filter(request: service.ListJournalEntriesRequest) -> EntryFilter:
    """Read which entries are asked for."""
    return EntryFilter(
        dates=from_wire_optional_period(request, "date_range"),
        customer=from_wire_customer(request.customer),
        source=request.source or None,
    )


def from_wire_customer(name: str) -> CustomerName | None:
    """Read the customer of a filter; None when it does not matter."""
    return CustomerName(name) if name else None


def to_wire_account(account: LedgerAccount) -> wire.LedgerAccount:
    """Write an account of the chart."""
    return wire.LedgerAccount(
        name=account.name,
        number=account.number,
        display_name=account.display_name,
        display_name_zh=account.display_name_zh,
        book=to_wire_enum(account.book, wire.Book),
        normal_side=to_wire_enum(account.normal_side, wire.NormalSide),
        unit_kind=to_wire_enum(account.unit_kind, wire.UnitKind),
        effective_date=to_wire_date(account.effective_date),
        legal_source=account.legal_source,
        source_verified=account.source_verified,
    )


def to_wire_entry(recorded: RecordedEntry) -> wire.JournalEntry:
    """Write an entry with all its legs."""
    entry = recorded.entry
    return wire.JournalEntry(
        name=entry.name,
        month=str(entry.month),
        booking_date=to_wire_date(entry.booking_date),
        event_date=to_wire_date(entry.event_date),
        corrects_month=str(entry.corrects_month or ""),
        source=entry.source,
        purpose=entry.purpose,
        description=entry.description,
        reverses=entry.reverses or "",
        postings=[_to_wire_posting(posting) for posting in entry.postings],
        record_time=to_wire_time(recorded.recorded_at),
    )


def to_wire_trial_balance(balance: TrialBalance) -> wire.TrialBalance:
    """Write a trial balance with the totals of each book."""
    return wire.TrialBalance(
        as_of_date=to_wire_date(balance.as_of_date),
        known_at=to_wire_time(balance.known_at),
        lines=[_to_wire_line(line) for line in balance.lines],
        totals=[
            _to_wire_total(book, unit, quantity)
            for (book, unit), quantity in balance.totals().items()
        ],
    )


def _to_wire_posting(posting: Posting) -> wire.Posting:
    return wire.Posting(
        ledger_account=posting.ledger_account,
        book=to_wire_enum(posting.book, wire.Book),
        customer=posting.customer or "",
        unit=posting.unit,
        amount=_to_wire_amount(posting.quantity, posting.unit),
        tonnes=_to_wire_tonnes(posting.quantity, posting.unit),
    )


def _to_wire_line(line: TrialBalanceLine) -> wire.TrialBalanceLine:
    account, balance, unit = line.account, line.balance, line.balance.unit
    return wire.TrialBalanceLine(
        ledger_account=account.name,
        number=account.number,
        display_name=account.display_name,
        display_name_zh=account.display_name_zh,
        book=to_wire_enum(balance.book, wire.Book),
        unit=unit,
        debit=_to_wire_amount(balance.debit, unit),
        credit=_to_wire_amount(balance.credit, unit),
        balance=_to_wire_amount(balance.quantity, unit),
        debit_tonnes=_to_wire_tonnes(balance.debit, unit),
        credit_tonnes=_to_wire_tonnes(balance.credit, unit),
        balance_tonnes=_to_wire_tonnes(balance.quantity, unit),
    )


def _to_wire_total(book: Book, unit: str, quantity: int) -> wire.TrialBalanceTotal:
    return wire.TrialBalanceTotal(
        book=to_wire_enum(book, wire.Book),
        unit=unit,
        balance=_to_wire_amount(quantity, unit),
        balance_tonnes=_to_wire_tonnes(quantity, unit),
    )


def _to_wire_amount(quantity: int, unit: str) -> WireMoney | None:
    return None if is_tonnes(unit) else to_wire_money(from_minor(quantity, unit))


def _to_wire_tonnes(quantity: int, unit: str) -> int:
    return quantity if is_tonnes(unit) else 0
