"""`tanheng settlement`: what a guarantee comes to, before and after it is posted."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from tanheng.settlement.v1 import settlement_service_pb2, settlement_service_pb2_grpc

from clients.cli.connection import Connection, connect
from clients.cli.options import CustomerOption, MonthOption, from_options, parts
from clients.cli.output import AsJson, Output, explanation_table
from clients.cli.pages import every_page
from clients.cli.records import read_yaml
from clients.cli.tables import columns, nested_table, table_of

app = typer.Typer(no_args_is_help=True, help="Preview and show settlements of guarantees.")

MONTH_COLUMNS = columns(
    Month="month",
    Tonnes="tonnes",
    Average_to_date="average_price",
    Difference="difference",
    Share="gain_share",
    Relief="relief",
    To_house="net_to_house",
)
SETTLEMENT_COLUMNS = columns(
    Contract="contract",
    Month="month",
    State="state",
    Tonnes_to_date="cumulative_tonnes",
    Average="average_price",
)
ROW_COLUMNS = columns(
    Corrects="corrects_month",
    Difference="difference",
    Share="gain_share",
    Relief="relief",
    To_house="net_to_house",
    Gross="gross",
)
SHARE = ("UP_TO_GAIN", "SHARE")
SHARE_FIELDS = {"UP_TO_GAIN": "up_to_gain_per_tonne", "SHARE": "customer_share"}
FILL = ("MONTH", "TONNES", "AMOUNT", "FEES?")

FileOption = Annotated[
    Path | None, typer.Option(help="A YAML file with the fields of PreviewSettlementRequest.")
]
ShareOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="UP_TO_GAIN:SHARE",
        help="The customer's part of a gain, by gain per tonne; the last has no end: ':0.5'.",
    ),
]
FillOption = Annotated[
    list[str] | None,
    typer.Option(metavar="MONTH:TONNES:AMOUNT[:FEES]", help="Delivered in a month, in order."),
]


@app.command()
def preview(
    *,
    file: FileOption = None,
    contract: Annotated[str, typer.Option(help="Preview a contract, such as contracts/x.")] = "",
    month: Annotated[str, typer.Option(help="With --contract: the month, 2025-03.")] = "",
    side: Annotated[str, typer.Option(help="PURCHASE or SALE.")] = "",
    promised_price: Annotated[str, typer.Option(help="CNY per tonne.")] = "",
    share: ShareOption = None,
    loss_cap: Annotated[str, typer.Option(help="The most that the house bears per tonne.")] = "",
    fill: FillOption = None,
    as_json: AsJson = False,
) -> None:
    """Show what a guarantee comes to, month by month. Nothing is kept.

    Example: tanheng settlement preview --side PURCHASE --promised-price 75.00
    --share 5.00:0.30 --share :0.50 --fill 2025-01:60000:4488000.00
    """
    given: dict[str, object] = {
        "contract": contract,
        "month": month,
        "side": side,
        "promised_price": promised_price,
        "loss_cap_per_tonne": loss_cap,
        "gain_share_tiers": [_share(text) for text in share or []],
        "months": _months(fill or []),
    }
    record = {**read_yaml(file)} if file is not None else {}
    record |= {name: value for name, value in given.items() if value}
    request = from_options(settlement_service_pb2.PreviewSettlementRequest(), record)
    with connect() as connection:
        stub = settlement_service_pb2_grpc.SettlementServiceStub(connection.channel)
        answer = connection.call(stub.PreviewSettlement, request)
    Output(as_json).parts(
        answer,
        table_of("By month", answer.months, MONTH_COLUMNS),
        table_of("All", [answer], columns(**_totals())),
        explanation_table(answer.explanation),
    )


@app.command()
def show(
    *,
    month: MonthOption = "",
    contract: Annotated[str, typer.Option(help="Only of this contract, contracts/x.")] = "",
    customer: CustomerOption = "",
    run: Annotated[str, typer.Option(help="Only of this run, settlementRuns/x.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show settlements: a row for each month of origin."""
    request = settlement_service_pb2.ListSettlementsRequest(
        month=month, contract=contract, customer=customer, settlement_run=run
    )
    with connect() as connection:
        found = list_settlements(connection, request)
    output = Output(as_json)
    if as_json:
        output.many("settlements", found, "", ())
    else:
        output.console.print(settlements_table(f"Settlements {month}", found))


def list_settlements(
    connection: Connection, request: settlement_service_pb2.ListSettlementsRequest
) -> list[settlement_service_pb2.Settlement]:
    """Read every settlement that fits."""
    stub = settlement_service_pb2_grpc.SettlementServiceStub(connection.channel)
    pages = every_page(connection, stub.ListSettlements, request)
    return [each for page in pages for each in page.settlements]


def settlements_table(title: str, found: list[settlement_service_pb2.Settlement]) -> RenderableType:
    """Lay out settlements, a line for each month of origin."""
    pairs = [(each, row) for each in found for row in each.rows]
    return nested_table(title, pairs, SETTLEMENT_COLUMNS, ROW_COLUMNS)


def _totals() -> dict[str, str]:
    return {
        column.heading.replace(" ", "_"): f"totals.{column.path}" for column in MONTH_COLUMNS[1:]
    }


def _share(text: str) -> dict[str, str]:
    return {SHARE_FIELDS[name]: part for name, part in parts(text, SHARE, "--share").items()}


def _months(fills: list[str]) -> list[dict[str, object]]:
    """Gather fills by month, in the order that months are first named."""
    months: dict[str, list[dict[str, str]]] = {}
    for text in fills:
        fill = {name.lower(): part for name, part in parts(text, FILL, "--fill").items()}
        months.setdefault(fill.pop("month", ""), []).append(fill)
    return [{"month": month, "fills": listed} for month, listed in months.items()]
