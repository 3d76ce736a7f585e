"""`tanheng incentives`: schemes, runs on closed months, awards and the report."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType

from clients.cli.connection import connect
from clients.cli.incentive_report import read_report
from clients.cli.incentive_runs import IncentiveRun, IncentiveRuns
from clients.cli.output import AsJson, Output, findings_table, refuse_blocked
from clients.cli.tables import columns, table_of

app = typer.Typer(no_args_is_help=True, help="Incentive schemes, runs, awards and reports.")

RUN_COLUMNS = columns(
    Run="name",
    Cycle="cycle",
    State="state",
    Result="result",
    Target="target",
    Excess="excess",
    Pool="pool",
    Awarded="awarded",
    Stays="unallocated",
    Awards="award_count",
    Awaits="awaiting_role",
)
METRIC_COLUMNS = columns(Metric="kind", Of="subject", Value="value")
AWARD_COLUMNS = columns(
    Award="name",
    Staff="staff_id",
    Role="role",
    Weight="weight",
    Cap="cap",
    Amount="amount",
    Not_eligible="ineligible_reason",
)
SCHEME_COLUMNS = columns(Scheme="name", Called="display_name", State="state")

RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="incentiveRuns/…")]


@app.command(name="approve-scheme")
def approve_scheme(
    *,
    scheme: Annotated[str, typer.Argument(help="schemes/…")],
    as_json: AsJson = False,
) -> None:
    """Put a drafted scheme in force (role finance_director; not who drafted it)."""
    with connect() as connection:
        approved = IncentiveRuns(connection).approve_scheme(scheme)
    Output(as_json).one(approved, "Scheme", SCHEME_COLUMNS)


@app.command()
def run(
    *,
    scheme: Annotated[str, typer.Argument(help="schemes/…")],
    cycle: Annotated[str, typer.Argument(help="2025, 2025-Q1 or 2025-03; its months are closed.")],
    surrendered: Annotated[str, typer.Option(help="The part surrendered on time, 0 to 1.")] = "",
    evidence: Annotated[str, typer.Option(help="The registry's notice of it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Calculate a scheme for a cycle of closed months (role hr).

    Ends with exit code 6 when a finding keeps the run from being approved.
    """
    with connect() as connection:
        done = IncentiveRuns(connection).start(
            scheme, cycle, surrendered=surrendered, evidence=evidence
        )
    show_run(done, Output(as_json))
    refuse_blocked(done.name, done.findings)


@app.command()
def show(*, run: RunArgument, as_json: AsJson = False) -> None:
    """Show a run and its metrics."""
    with connect() as connection:
        show_run(IncentiveRuns(connection).get(run), Output(as_json))


@app.command()
def review(*, run: RunArgument, as_json: AsJson = False) -> None:
    """Sign a run as reviewer: someone other than who started it."""
    with connect() as connection:
        runs = IncentiveRuns(connection)
        show_run(runs.review(runs.get(run)), Output(as_json))


@app.command()
def approve(*, run: RunArgument, as_json: AsJson = False) -> None:
    """Sign a run as approver: a third person; above the limit a director too."""
    with connect() as connection:
        runs = IncentiveRuns(connection)
        show_run(runs.approve(runs.get(run)), Output(as_json))


@app.command()
def post(*, run: RunArgument, as_json: AsJson = False) -> None:
    """Put an approved run into the books."""
    with connect() as connection:
        runs = IncentiveRuns(connection)
        show_run(runs.post(runs.get(run)), Output(as_json))


@app.command()
def awards(*, run: RunArgument, as_json: AsJson = False) -> None:
    """List the awards of a run: a member of staff sees their own."""
    with connect() as connection:
        found = IncentiveRuns(connection).awards(run)
    Output(as_json).many("awards", found, f"Awards of {run}", AWARD_COLUMNS)


@app.command()
def report(
    *,
    run: RunArgument,
    to: Annotated[Path | None, typer.Option(help="Write the CSV to this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the report of a run, or write it to a file as CSV (role hr)."""
    with connect() as connection:
        found = read_report(connection, run)
    output = Output(as_json)
    if to is not None:
        to.write_bytes(found.content)
        size = len(found.content)
        output.text(f"{to}: {size} bytes", file=str(to), bytes=size)
    elif as_json:
        output.json(found.as_plain())
    else:
        for table in found.tables():
            output.console.print(table)


def show_run(run: IncentiveRun, output: Output) -> None:
    """Show a run, its metrics and what it found."""
    tables: list[RenderableType] = [
        table_of(run.name, [run], RUN_COLUMNS),
        table_of("Metrics", run.metrics, METRIC_COLUMNS),
    ]
    if run.findings:
        tables.append(findings_table(run.findings))
    output.parts(run, *tables)
