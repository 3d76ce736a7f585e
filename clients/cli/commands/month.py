"""`tanheng month`: a month from its trades to closed books, by the right people in turn."""

from typing import Annotated

import typer
from rich.console import RenderableType
from tanheng.settlement.v1 import settlement_service_pb2, settlement_service_pb2_grpc

from clients.cli.connection import Connection, connect, new_request_id
from clients.cli.messages import Plain, plain
from clients.cli.options import MonthArgument
from clients.cli.output import AsJson, Output, findings_table, refuse_blocked
from clients.cli.pages import every_page
from clients.cli.runs import MonthRuns, Run, Side
from clients.cli.tables import columns, table_of

app = typer.Typer(no_args_is_help=True, help="Run, sign, post and close a month.")

OnlyOption = Annotated[Side, typer.Option(help="Which of the month's runs.")]
RUN_COLUMNS = columns(
    Run="name",
    State="state",
    Net="totals.net",
    To_house="totals.net_to_house",
    Gross="totals.gross",
    Awaits="awaiting_role",
    Digest="digest",
)
CHECKLIST_COLUMNS = columns(
    Traded_t="checklist.traded_tonnes",
    Allocated_t="checklist.allocated_tonnes",
    Settled_t="checklist.settled_tonnes",
    Posted_t="checklist.posted_tonnes",
    Agree="checklist.tonnes_agree",
    Issued="checklist.billing_issued",
    Books_agree="checklist.books_agree",
    Held="checklist.held_count",
)
STATE_COLUMNS = columns(Month="month", State="state", Closed="close_time")
MONTH_COLUMNS = STATE_COLUMNS + CHECKLIST_COLUMNS


@app.command(name="list")
def list_months(*, as_json: AsJson = False) -> None:
    """List the months of the books."""
    request = settlement_service_pb2.ListMonthsRequest()
    with connect() as connection:
        stub = settlement_service_pb2_grpc.SettlementServiceStub(connection.channel)
        found = [
            month
            for page in every_page(connection, stub.ListMonths, request)
            for month in page.months
        ]
    Output(as_json).many("months", found, "Months", STATE_COLUMNS)


@app.command()
def show(*, month: MonthArgument, as_json: AsJson = False) -> None:
    """Show where a month stands: its checklist, and what keeps it from closing."""
    with connect() as connection:
        show_month(MonthRuns(connection, month).show(), Output(as_json))


@app.command(name="open-books")
def open_books(*, month: MonthArgument, as_json: AsJson = False) -> None:
    """Open the books with their first month, once (role finance_controller)."""
    with connect() as connection:
        show_month(open_books_with(connection, month), Output(as_json))


@app.command()
def run(*, month: MonthArgument, only: OnlyOption = Side.BOTH, as_json: AsJson = False) -> None:
    """Allocate the month's trades, then bill and settle it (role finance_operator).

    Ends with exit code 6 when a finding keeps a run from being approved.
    """
    with connect() as connection:
        work = MonthRuns(connection, month)
        done: list[Run] = []
        work.allocate()
        if only is not Side.SETTLEMENT:
            done.append(work.bill())
        if only is not Side.BILLING:
            done.append(work.settle())
    show_runs(done, Output(as_json))
    for each in done:
        refuse_blocked(each.name, each.findings)


@app.command()
def review(*, month: MonthArgument, only: OnlyOption = Side.BOTH, as_json: AsJson = False) -> None:
    """Sign the month's runs as reviewer: someone other than who started them."""
    with connect() as connection:
        work = MonthRuns(connection, month)
        show_runs([work.review(each) for each in work.current(only)], Output(as_json))


@app.command()
def approve(*, month: MonthArgument, only: OnlyOption = Side.BOTH, as_json: AsJson = False) -> None:
    """Sign the month's runs as approver: a third person; above the limit a director too."""
    with connect() as connection:
        work = MonthRuns(connection, month)
        show_runs([work.approve(each) for each in work.current(only)], Output(as_json))


@app.command()
def post(*, month: MonthArgument, only: OnlyOption = Side.BOTH, as_json: AsJson = False) -> None:
    """Issue the invoices and post the settlements of the approved runs."""
    with connect() as connection:
        work = MonthRuns(connection, month)
        show_runs([work.conclude(each) for each in work.current(only)], Output(as_json))


@app.command()
def close(*, month: MonthArgument, as_json: AsJson = False) -> None:
    """Close the month for good, if its checklist allows it (role finance_controller)."""
    with connect() as connection:
        show_month(MonthRuns(connection, month).close(), Output(as_json))


def open_books_with(connection: Connection, month: str) -> settlement_service_pb2.Month:
    """Open the books with a first month."""
    stub = settlement_service_pb2_grpc.SettlementServiceStub(connection.channel)
    request = settlement_service_pb2.OpenBooksRequest(
        first_month=month, request_id=new_request_id()
    )
    return connection.call(stub.OpenBooks, request)


def show_month(month: settlement_service_pb2.Month, output: Output) -> None:
    """Show a month, its checklist and its blockers."""
    tables: list[RenderableType] = [table_of(f"Month {month.month}", [month], MONTH_COLUMNS)]
    if month.blockers:
        tables.append(findings_table(month.blockers))
    output.parts(month, *tables)


def show_runs(runs: list[Run], output: Output) -> None:
    """Show runs, and what they found."""
    if output.as_json:
        listed: list[Plain] = [plain(each) for each in runs]
        output.json({"runs": listed})
        return
    for each in runs:
        shown = [column for column in RUN_COLUMNS if column.exists_in(each)]
        output.console.print(table_of(each.name, [each], shown))
        if each.findings:
            output.console.print(findings_table(each.findings))
