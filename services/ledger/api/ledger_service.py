"""LedgerService on the wire."""

from collections.abc import Iterator
from dataclasses import dataclass

import grpc
from google.api.httpbody_pb2 import HttpBody
from tanheng.ledger.v1 import journal_pb2, ledger_service_pb2_grpc
from tanheng.ledger.v1 import ledger_service_pb2 as wire

from services.ledger.api.journal_file import journal_file
from services.ledger.api.journal_translation import (
    from_wire_customer,
    from_wire_filter,
    to_wire_account,
    to_wire_entry,
    to_wire_trial_balance,
)
from services.ledger.application.export_journal import ExportJournal
from services.ledger.application.get_trial_balance import GetTrialBalance
from services.ledger.application.list_journal_entries import ListJournalEntries
from services.ledger.application.list_ledger_accounts import ListLedgerAccounts
from services.wire.dates import (
    from_wire_date,
    from_wire_month,
    from_wire_optional_date,
    from_wire_optional_time,
)
from services.wire.pages import from_wire_page, to_wire_token


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerServicer(ledger_service_pb2_grpc.LedgerServiceServicer):
    """Translates in, calls one verb, translates out."""

    list_ledger_accounts: ListLedgerAccounts
    list_journal_entries: ListJournalEntries
    get_trial_balance: GetTrialBalance
    export_journal: ExportJournal

    def ListLedgerAccounts(  # noqa: N802 - the contract's name
        self,
        request: wire.ListLedgerAccountsRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.ListLedgerAccountsResponse:
        """Read a page of the chart."""
        page = self.list_ledger_accounts(
            as_of_date=from_wire_optional_date(request, "as_of_date"), page=from_wire_page(request)
        )
        return wire.ListLedgerAccountsResponse(
            ledger_accounts=[to_wire_account(account) for account in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def ListJournalEntries(  # noqa: N802 - the contract's name
        self,
        request: wire.ListJournalEntriesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.ListJournalEntriesResponse:
        """Read a page of entries."""
        page = self.list_journal_entries(
            which=from_wire_filter(request), page=from_wire_page(request)
        )
        return wire.ListJournalEntriesResponse(
            journal_entries=[to_wire_entry(recorded) for recorded in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def GetTrialBalance(  # noqa: N802 - the contract's name
        self,
        request: wire.GetTrialBalanceRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> journal_pb2.TrialBalance:
        """Sum every account."""
        balance = self.get_trial_balance(
            as_of_date=from_wire_date(request.as_of_date, "as_of_date"),
            known_at=from_wire_optional_time(request, "known_at"),
            customer=from_wire_customer(request.customer),
        )
        return to_wire_trial_balance(balance)

    def ExportJournal(  # noqa: N802 - the contract's name
        self,
        request: wire.ExportJournalRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> Iterator[HttpBody]:
        """Write a month's postings as a file."""
        lines = self.export_journal(month=from_wire_month(request.month))
        yield from journal_file(lines, request.format)
