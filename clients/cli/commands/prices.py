"""`tanheng prices`: series of daily prices and their averages."""

from typing import Annotated

import typer
from tanheng.pricing.v1 import price_service_pb2, price_service_pb2_grpc

from clients.cli.connection import Connection, connect
from clients.cli.messages import Record
from clients.cli.options import from_options, span
from clients.cli.output import AsJson, Output
from clients.cli.pages import every_page
from clients.cli.tables import columns

app = typer.Typer(no_args_is_help=True, help="Price series and their averages.")

SERIES_COLUMNS = columns(
    Series="name", Instrument="instrument", Venue="venue", License="license_note"
)
AVERAGE_COLUMNS = columns(
    Average="average",
    Tonnes="volume_tonnes",
    Amount="amount",
    Days="day_count",
    Missing="missing_dates",
    Quality="lowest_quality",
    Known_at="known_at",
)
POINT_COLUMNS = columns(
    Day="date",
    Close="close",
    Low="low",
    High="high",
    Tonnes="volume_tonnes",
    Amount="amount",
    Quality="quality",
    Version="version",
)

SeriesArgument = Annotated[str, typer.Argument(metavar="SERIES", help="priceSeries/…")]
StartOption = Annotated[str, typer.Option(help="The first day, 2025-06-30.")]
EndOption = Annotated[str, typer.Option(help="The day after the last day.")]
KnownAtOption = Annotated[
    str, typer.Option(help="As it was known at a moment, 2025-07-05T00:00:00Z. Now.")
]


@app.command(name="list")
def list_series(*, as_json: AsJson = False) -> None:
    """List the price series."""
    request = price_service_pb2.ListPriceSeriesRequest()
    with connect() as connection:
        stub = price_service_pb2_grpc.PriceServiceStub(connection.channel)
        pages = every_page(connection, stub.ListPriceSeries, request)
        found = [each for page in pages for each in page.price_series]
    Output(as_json).many("price_series", found, "Price series", SERIES_COLUMNS)


@app.command()
def points(
    *,
    series: SeriesArgument,
    start: StartOption = "",
    end: EndOption = "",
    known_at: KnownAtOption = "",
    as_json: AsJson = False,
) -> None:
    """List the daily prices of a series."""
    record = {"series": series, "known_at": known_at, **span(start, end)}
    request = from_options(price_service_pb2.ListPricePointsRequest(), record)
    with connect() as connection:
        stub = price_service_pb2_grpc.PriceServiceStub(connection.channel)
        pages = every_page(connection, stub.ListPricePoints, request)
        found = [each for page in pages for each in page.price_points]
    Output(as_json).many("price_points", found, series, POINT_COLUMNS)


@app.command()
def average(
    *,
    series: SeriesArgument,
    start: StartOption,
    end: EndOption,
    kind: Annotated[str, typer.Option(help="VWAP or TWAP.")] = "VWAP",
    known_at: KnownAtOption = "",
    as_json: AsJson = False,
) -> None:
    """Average a series over days: weighted by volume, or the plain mean of closes."""
    record = {"series": series, "kind": kind, "known_at": known_at, **span(start, end)}
    with connect() as connection:
        answer = compute_average(connection, record)
    Output(as_json).one(answer, f"{kind} of {series}", AVERAGE_COLUMNS)


def compute_average(
    connection: Connection, record: Record
) -> price_service_pb2.ComputeAverageResponse:
    """Ask for an average by the fields of the request."""
    stub = price_service_pb2_grpc.PriceServiceStub(connection.channel)
    request = from_options(price_service_pb2.ComputeAverageRequest(), record)
    return connection.call(stub.ComputeAverage, request)
