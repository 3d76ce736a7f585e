"""`tanheng ledger`: what the books say."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text
from tanheng.ledger.v1 import journal_pb2, ledger_service_pb2, ledger_service_pb2_grpc

from clients.cli.connection import Connection, connect
from clients.cli.messages import Record
from clients.cli.options import CustomerOption, MonthArgument, from_options, span, today
from clients.cli.output import AsJson, Output
from clients.cli.pages import every_page
from clients.cli.tables import Column, columns, nested_table, table_of

app = typer.Typer(no_args_is_help=True, help="The books: accounts, entries, trial balance.")

ACCOUNT_COLUMNS = columns(Number="number", Account="display_name", 科目="display_name_zh")
MONEY_COLUMNS = columns(Debit="debit", Credit="credit", Balance="balance")
TONNES_COLUMNS = columns(
    Debit_t="debit_tonnes", Credit_t="credit_tonnes", Balance_t="balance_tonnes"
)
ENTRY_COLUMNS = columns(Entry="name", Day="booking_date", Origin="corrects_month", For="source")
POSTING_COLUMNS = columns(
    Account="ledger_account",
    Customer="customer",
    Unit="unit",
    Amount="amount",
    Tonnes="tonnes",
)
CUSTODY = "ledgerAccounts/custody-tonnes"
BELOW_ZERO = (
    "Tonnes in custody below zero were sold out of what customers held before the books opened."
)


@app.command(name="trial-balance")
def trial_balance(
    *,
    as_of: Annotated[str, typer.Option(help="The last day that counts. Today.")] = "",
    known_at: Annotated[str, typer.Option(help="As it was known at a moment. Now.")] = "",
    customer: CustomerOption = "",
    as_json: AsJson = False,
) -> None:
    """Show the trial balance of the company's books and of the customers' mirror."""
    record = {"as_of_date": as_of or today(), "known_at": known_at, "customer": customer}
    with connect() as connection:
        answer = get_trial_balance(connection, record)
    Output(as_json).parts(answer, *trial_balance_tables(answer))


@app.command()
def entries(
    *,
    start: Annotated[str, typer.Option(help="The first day.")] = "",
    end: Annotated[str, typer.Option(help="The day after the last day.")] = "",
    customer: CustomerOption = "",
    source: Annotated[str, typer.Option(help="Only of this run or document.")] = "",
    as_json: AsJson = False,
) -> None:
    """List journal entries with their postings."""
    record = {"customer": customer, "source": source, **span(start, end)}
    request = from_options(ledger_service_pb2.ListJournalEntriesRequest(), record)
    with connect() as connection:
        stub = ledger_service_pb2_grpc.LedgerServiceStub(connection.channel)
        pages = every_page(connection, stub.ListJournalEntries, request)
        found = [each for page in pages for each in page.journal_entries]
    output = Output(as_json)
    pairs = [(each, posting) for each in found for posting in each.postings]
    if as_json:
        output.many("journal_entries", found, "", ())
    else:
        output.console.print(nested_table("Journal", pairs, ENTRY_COLUMNS, POSTING_COLUMNS))


@app.command()
def export(
    *,
    month: MonthArgument,
    to: Annotated[Path, typer.Option(help="The file to write, .csv or .xlsx.")],
    as_json: AsJson = False,
) -> None:
    """Write the journal of a month to a CSV or Excel file."""
    record = {"month": month, "format": to.suffix.removeprefix(".").upper() or "CSV"}
    request = from_options(ledger_service_pb2.ExportJournalRequest(), record)
    with connect() as connection:
        stub = ledger_service_pb2_grpc.LedgerServiceStub(connection.channel)
        content = b"".join(part.data for part in connection.stream(stub.ExportJournal, request))
    to.write_bytes(content)
    Output(as_json).text(f"{to}: {len(content)} bytes", file=str(to), bytes=len(content))


def get_trial_balance(connection: Connection, record: Record) -> journal_pb2.TrialBalance:
    """Ask for a trial balance by the fields of the request."""
    stub = ledger_service_pb2_grpc.LedgerServiceStub(connection.channel)
    request = from_options(ledger_service_pb2.GetTrialBalanceRequest(), record)
    return connection.call(stub.GetTrialBalance, request)


def trial_balance_tables(balance: journal_pb2.TrialBalance) -> list[RenderableType]:
    """Lay out a trial balance: a table per book, one of the tonnes, and the totals last.

    A custody below zero is explained.
    """
    company = [each for each in balance.lines if each.book == journal_pb2.BOOK_COMPANY]
    mirror = [each for each in balance.lines if each.book == journal_pb2.BOOK_CUSTOMER]
    tables: list[RenderableType] = []
    for title, lines in (("The company's books", company), ("The customers' mirror", mirror)):
        money = [each for each in lines if each.HasField("balance")]
        tonnes = [each for each in lines if not each.HasField("balance")]
        tables += _lines(title, money, MONEY_COLUMNS)
        tables += _lines(f"{title}, in tonnes", tonnes, columns(Unit="unit") + TONNES_COLUMNS)
    below = any(e.ledger_account == CUSTODY and e.balance_tonnes < 0 for e in company)
    return [*tables, *([Text(BELOW_ZERO, style="dim")] if below else []), *_totals(balance)]


def _lines(
    title: str, lines: Sequence[journal_pb2.TrialBalanceLine], figures: Sequence[Column]
) -> list[RenderableType]:
    return [table_of(title, lines, [*ACCOUNT_COLUMNS, *figures])] if lines else []


def _totals(balance: journal_pb2.TrialBalance) -> list[RenderableType]:
    money = [each for each in balance.totals if each.HasField("balance")]
    tonnes = [each for each in balance.totals if not each.HasField("balance")]
    book = columns(Book="book", Unit="unit")
    shown = [table_of("Each book balances", money, [*book, *columns(Balance="balance")])]
    if tonnes:
        in_tonnes = [*book, *columns(Balance_t="balance_tonnes")]
        shown.append(table_of("Each book balances in tonnes", tonnes, in_tonnes))
    return [*shown]
