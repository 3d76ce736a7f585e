"""LedgerService: from messages to messages, on a real PostgreSQL."""

import csv
import io
from pathlib import Path
from typing import cast

import grpc
import pytest
from google.type.date_pb2 import Date
from tanheng.ledger.v1 import journal_pb2
from tanheng.ledger.v1 import ledger_service_pb2 as wire

from services.bootstrap import ledger as room
from services.bootstrap.platform import build_platform
from services.kernel.errors import InvalidInput
from services.ledger.api.ledger_service import LedgerServicer
from services.runtime.settings import Settings
from services.wire.dates import to_wire_period
from tests.builders.ledger import FEBRUARY, JANUARY, MARCH, an_entry
from tests.integration.ledger.conftest import Ledger
from tests.integration.ledger.test_books_in_postgres import POOL

CONTEXT = cast("grpc.ServicerContext", None)


@pytest.fixture
def servicer(ledger: Ledger, fresh_database: str, tmp_path: Path) -> LedgerServicer:
    """The servicer over books with two entries of January and one of March."""
    ledger.open()
    ledger.post_entries(
        entries=(
            an_entry(description="=1+1, 管理费"),
            an_entry("trades/a", postings=POOL),
            an_entry("invoices/2025-03-hanchuan", month=MARCH),
        )
    )
    platform = build_platform(
        settings=Settings(data_dir=tmp_path), database_url=fresh_database, threads=2
    )
    ((_, servicer),) = room.assemble(platform).servicers
    return cast("LedgerServicer", servicer)


def test_lists_the_chart_page_by_page(servicer: LedgerServicer) -> None:
    request = wire.ListLedgerAccountsRequest(page_size=20)
    first = servicer.ListLedgerAccounts(request, CONTEXT)
    request.page_token = first.next_page_token
    rest = servicer.ListLedgerAccounts(request, CONTEXT)
    accounts = [*first.ledger_accounts, *rest.ledger_accounts]
    assert (len(first.ledger_accounts), rest.next_page_token) == (20, "")
    assert len({account.name for account in accounts}) == len(accounts)
    (carbon,) = (account for account in accounts if account.number == "1489")
    assert (carbon.display_name_zh, carbon.source_verified) == ("碳排放权资产", True)


def test_lists_entries_of_days_customer_and_source(servicer: LedgerServicer) -> None:
    request = wire.ListJournalEntriesRequest(
        date_range=to_wire_period(JANUARY.period),
        customer="customers/hanchuan",
        source="invoices/-",
    )
    (entry,) = servicer.ListJournalEntries(request, CONTEXT).journal_entries
    assert (entry.month, entry.source) == ("2025-01", "invoices/2025-01-hanchuan")
    assert [leg.amount.units for leg in entry.postings] == [100, -100, 100, -100]


def test_refuses_a_token_that_somebody_made_up(servicer: LedgerServicer) -> None:
    page = servicer.ListJournalEntries(wire.ListJournalEntriesRequest(page_size=1), CONTEXT)
    request = wire.ListJournalEntriesRequest(customer="customers/x")
    request.page_token = page.next_page_token
    with pytest.raises(InvalidInput) as refused:
        servicer.ListJournalEntries(request, CONTEXT)
    assert refused.value.reason == "PAGE_TOKEN_INVALID"


def test_shows_money_and_tonnes_of_the_trial_balance(servicer: LedgerServicer) -> None:
    day = Date(year=2025, month=1, day=31)
    balance = servicer.GetTrialBalance(wire.GetTrialBalanceRequest(as_of_date=day), CONTEXT)
    pool = {line.unit: line for line in balance.lines if line.number == "1489"}
    assert (pool["CNY"].balance.units, pool["CNY"].balance.nanos) == (72_047, 200_000_000)
    assert (pool["CEA-2024"].debit_tonnes, pool["CEA-2024"].balance_tonnes) == (1_000, 1_000)
    assert not pool["CEA-2024"].HasField("balance")
    assert {(t.book, t.unit, t.balance.units, t.balance_tonnes) for t in balance.totals} == {
        (journal_pb2.BOOK_COMPANY, "CNY", 0, 0),
        (journal_pb2.BOOK_COMPANY, "CEA-2024", 0, 0),
        (journal_pb2.BOOK_CUSTOMER, "CNY", 0, 0),
    }


def test_exports_a_month_as_csv(servicer: LedgerServicer) -> None:
    request = wire.ExportJournalRequest(month="2025-01", format=wire.JOURNAL_FORMAT_CSV)
    pieces = list(servicer.ExportJournal(request, CONTEXT))
    assert {piece.content_type for piece in pieces} == {"text/csv; charset=utf-8"}
    text = b"".join(piece.data for piece in pieces).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 8
    assert {row["description"] for row in rows} == {"'=1+1, 管理费", "management fee"}
    fee = next(row for row in rows if row["account"] == "ledgerAccounts/receivables")
    assert (fee["debit"], fee["credit"], fee["unit"]) == ("100.00", "0.00", "CNY")


def test_exports_a_month_as_a_workbook(servicer: LedgerServicer) -> None:
    request = wire.ExportJournalRequest(month="2025-01", format=wire.JOURNAL_FORMAT_XLSX)
    content = b"".join(piece.data for piece in servicer.ExportJournal(request, CONTEXT))
    assert content.startswith(b"PK")


def test_exports_a_month_without_entries_as_a_header(servicer: LedgerServicer) -> None:
    request = wire.ExportJournalRequest(month=str(FEBRUARY), format=wire.JOURNAL_FORMAT_CSV)
    (piece,) = servicer.ExportJournal(request, CONTEXT)
    assert piece.data.startswith(b"entry,booking_date")
    assert piece.data.count(b"\n") == 1
