"""`tanheng import`: files of records into the service."""

from pathlib import Path
from typing import Annotated

import typer

from clients.cli.connection import connect
from clients.cli.loading import market, masters
from clients.cli.messages import Record
from clients.cli.options import usage
from clients.cli.output import AsJson, Output
from clients.cli.records import read_rows

app = typer.Typer(
    no_args_is_help=True,
    help="Import CSV, Excel or YAML files. Columns and keys are the field names of the contract; "
    "an empty cell leaves a field unset. Importing a file again changes nothing.",
)

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="A .csv, .xlsx or .yaml file.", exists=False)
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="FIELD=COLUMN",
        help="Read a field from a column of another name; then no other columns are read.",
    ),
]
Wheres = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="COLUMN=VALUE", help="Only rows with this value."),
]
Constants = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="A field that the file does not have."),
]


@app.command()
def customers(*, file: File, as_json: AsJson = False) -> None:
    """Create customers: customer_id, display_name, customer_class, kind, … (role admin)."""
    rows = read_rows(file, under="customers")
    with connect() as connection:
        masters.load_customers(connection, rows).show(Output(as_json))


@app.command()
def scales(*, file: File, as_json: AsJson = False) -> None:
    """Set carbon-asset scales: customer, year, basis, tonnes, status (role finance_operator)."""
    rows = read_rows(file, under="asset_scales")
    with connect() as connection:
        masters.load_scales(connection, rows).show(Output(as_json))


@app.command()
def prices(
    *,
    file: File,
    series: Annotated[str, typer.Option(help="Such as priceSeries/cea-composite.")],
    source: Annotated[str, typer.Option(help="Where the figures come from. The file name.")] = "",
    validate_only: Annotated[bool, typer.Option(help="Look only; nothing is recorded.")] = False,
    column: Columns = None,
    where: Wheres = None,
    constant: Constants = None,
    as_json: AsJson = False,
) -> None:
    """Import daily prices: date, close, low, high, volume_tonnes, amount, quality."""
    reading = market.Reading(
        _pairs(column, "--column"), _pairs(where, "--where"), _pairs(constant, "--set")
    )
    rows = reading.apply(read_rows(file, under="rows"))
    with connect() as connection:
        report = market.load_prices(
            connection,
            rows,
            series=series,
            source=source or file.name,
            validate_only=validate_only,
        )
        report.show(Output(as_json))


@app.command(name="price-series")
def price_series(
    *,
    series_id: Annotated[str, typer.Argument(help="The last part of its name, cea-composite.")],
    instrument: Annotated[str, typer.Option(help="CEA-0 is every vintage together.")],
    venue: Annotated[str, typer.Option(help="Where it is traded, such as cneeex.")],
    license_note: Annotated[str, typer.Option(help="What may be done with the quotes.")] = "",
    as_json: AsJson = False,
) -> None:
    """Open a price series that prices can be imported into (role admin)."""
    record = {
        "price_series_id": series_id,
        "instrument": instrument,
        "venue": venue,
        "license_note": license_note,
    }
    with connect() as connection:
        market.create_price_series(connection, record).show(Output(as_json))


@app.command(name="fee-schedules")
def fee_schedules(*, file: File, as_json: AsJson = False) -> None:
    """Open fee schedules and draft their revisions; someone else approves them."""
    rows = read_rows(file, under="fee_schedules")
    output = Output(as_json)
    with connect() as connection:
        masters.load_fee_schedules(connection, rows).show(output)
        masters.load_fee_revisions(connection, rows).show(output)


@app.command()
def contracts(*, file: File, as_json: AsJson = False) -> None:
    """Draft guarantee contracts; someone else approves them (role finance_operator)."""
    rows = read_rows(file, under="contracts")
    with connect() as connection:
        masters.load_contracts(connection, rows).show(Output(as_json))


@app.command()
def trades(
    *,
    file: File,
    column: Columns = None,
    where: Wheres = None,
    constant: Constants = None,
    as_json: AsJson = False,
) -> None:
    """Record executed trades: external_id, mode, instrument, side, trade_date, … (role trader)."""
    reading = market.Reading(
        _pairs(column, "--column"), _pairs(where, "--where"), _pairs(constant, "--set")
    )
    rows = reading.apply(read_rows(file, under="trades"))
    with connect() as connection:
        market.load_trades(connection, rows).show(Output(as_json))


@app.command()
def transfers(*, file: File, as_json: AsJson = False) -> None:
    """Move allowances inside the group: seller, buyer, instrument, tonnes, trade_date."""
    rows = read_rows(file, under="transfers")
    with connect() as connection:
        market.load_transfers(connection, rows).show(Output(as_json))


@app.command()
def scheme(*, file: File, as_json: AsJson = False) -> None:
    """Draft an incentive scheme with its assignments (role hr); a director approves it."""
    output = Output(as_json)
    people = masters.read_assignments(file)
    with connect() as connection:
        masters.load_scheme(connection, file).show(output)
        masters.load_assignments(connection, people).show(output)


def _pairs(given: list[str] | None, option: str) -> Record:
    pairs: dict[str, str] = {}
    for text in given or []:
        name, equals, value = text.partition("=")
        if not equals or not name:
            usage(f"{text!r} is not of the form NAME=VALUE", option)
        pairs[name] = value
    return pairs
