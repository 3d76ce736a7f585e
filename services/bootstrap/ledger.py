"""The ledger on the platform, and the verbs of it that other rooms use."""

from tanheng.ledger.v1 import ledger_service_pb2_grpc

from services.bootstrap.platform import Platform, RoomParts
from services.ledger.api.ledger_service import LedgerServicer
from services.ledger.application.balances import AccountBalances
from services.ledger.application.booking_month import BookingMonth
from services.ledger.application.close_month_books import CloseMonthBooks
from services.ledger.application.compare_books import CompareBooks
from services.ledger.application.export_journal import ExportJournal
from services.ledger.application.get_month_books import GetMonthBooks
from services.ledger.application.get_trial_balance import GetTrialBalance
from services.ledger.application.list_journal_entries import ListJournalEntries
from services.ledger.application.list_ledger_accounts import ListLedgerAccounts
from services.ledger.application.list_month_books import ListMonthBooks
from services.ledger.application.lock_month_books import LockMonthBooks
from services.ledger.application.open_books import OpenBooks
from services.ledger.application.post_entries import PostEntries
from services.ledger.application.reverse_entry import ReverseEntry
from services.ledger.persistence.entries import PostgresEntries
from services.ledger.persistence.ledger_accounts import PostgresLedgerAccounts
from services.ledger.persistence.months import PostgresMonths


def assemble(platform: Platform) -> RoomParts:
    """Join the room's verbs to what they need."""
    work, clock = platform.unit_of_work, platform.clock
    entries, accounts = PostgresEntries(), PostgresLedgerAccounts()
    servicer = LedgerServicer(
        list_ledger_accounts=ListLedgerAccounts(
            unit_of_work=work, ledger_accounts=accounts, clock=clock
        ),
        list_journal_entries=ListJournalEntries(unit_of_work=work, entries=entries),
        get_trial_balance=GetTrialBalance(
            unit_of_work=work, entries=entries, ledger_accounts=accounts, clock=clock
        ),
        export_journal=ExportJournal(
            unit_of_work=work, entries=entries, ledger_accounts=accounts, clock=clock
        ),
    )
    return RoomParts(
        servicers=((ledger_service_pb2_grpc.add_LedgerServiceServicer_to_server, servicer),)
    )


def post_entries(platform: Platform) -> PostEntries:
    """The verb that writes entries."""
    return PostEntries(
        unit_of_work=platform.unit_of_work,
        entries=PostgresEntries(),
        months=PostgresMonths(),
        clock=platform.clock,
    )


def reverse_entry(platform: Platform) -> ReverseEntry:
    """The verb that takes an entry back."""
    return ReverseEntry(
        unit_of_work=platform.unit_of_work,
        entries=PostgresEntries(),
        post_entries=post_entries(platform),
    )


def open_books(platform: Platform) -> OpenBooks:
    """The verb that chooses the first month."""
    return OpenBooks(
        unit_of_work=platform.unit_of_work, months=PostgresMonths(), clock=platform.clock
    )


def booking_month(platform: Platform) -> BookingMonth:
    """The verb that finds the month which takes an entry."""
    return BookingMonth(unit_of_work=platform.unit_of_work, months=PostgresMonths())


def get_month_books(platform: Platform) -> GetMonthBooks:
    """The verb that reads the state of a month."""
    return GetMonthBooks(unit_of_work=platform.unit_of_work, months=PostgresMonths())


def list_month_books(platform: Platform) -> ListMonthBooks:
    """The verb that reads the state of every month."""
    return ListMonthBooks(unit_of_work=platform.unit_of_work, months=PostgresMonths())


def lock_month_books(platform: Platform) -> LockMonthBooks:
    """The verb that keeps a month still while it is examined."""
    return LockMonthBooks(unit_of_work=platform.unit_of_work, months=PostgresMonths())


def close_month_books(platform: Platform) -> CloseMonthBooks:
    """The verb that closes a month for good."""
    return CloseMonthBooks(
        unit_of_work=platform.unit_of_work,
        months=PostgresMonths(),
        clock=platform.clock,
        principal=platform.principal,
    )


def account_balances(platform: Platform) -> AccountBalances:
    """The verb that sums accounts at the end of a month."""
    return AccountBalances(unit_of_work=platform.unit_of_work, entries=PostgresEntries())


def compare_books(platform: Platform) -> CompareBooks:
    """The verb that lays the customers' mirror over the company's books."""
    return CompareBooks(unit_of_work=platform.unit_of_work, entries=PostgresEntries())
