"""`tanheng fee`: what a service costs by a schedule, before anybody is billed."""

from typing import Annotated

import typer
from tanheng.billing.v1 import billing_service_pb2, billing_service_pb2_grpc
from tanheng.pricing.v1 import fee_schedule_service_pb2, fee_schedule_service_pb2_grpc

from clients.cli.connection import connect
from clients.cli.loading.masters import approve_fee_revisions
from clients.cli.options import days, from_options, parts
from clients.cli.output import AsJson, Output, explanation_table
from clients.cli.pages import every_page
from clients.cli.tables import columns, table_of

app = typer.Typer(no_args_is_help=True, help="Preview fees; list and approve fee schedules.")

MONTH_COLUMNS = columns(Month="month", Net="net", Tax="tax", Gross="gross")
LINE_COLUMNS = columns(
    Service="service",
    Line="description",
    Tonnes="quantity_tonnes",
    Price="unit_price",
    Net="net",
    Tax="tax",
    Gross="gross",
)
SCHEDULE_COLUMNS = columns(
    Schedule="name", Service="service", For="customer_class", Called="display_name"
)
REVISION_COLUMNS = columns(
    Revision="name",
    From="effective_date",
    Model="charge_model",
    Minimum="minimum_annual",
    Maximum="maximum_annual",
    Per_traded_t="per_traded_tonne",
    Tax="tax_rate",
    State="state",
)
TIER = ("UP_TO", "PRICE", "FLAT?")
TIER_FIELDS = {"UP_TO": "up_to", "PRICE": "unit_price", "FLAT": "flat_amount"}

TierOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="UP_TO:PRICE[:FLAT]", help="A tier; the last has no end: ':0.25'. Repeat in order."
    ),
]


@app.command()
def preview(
    *,
    customer: Annotated[str, typer.Option(help="Price a customer by its own schedule.")] = "",
    year: Annotated[int, typer.Option(help="The service year.")] = 0,
    model: Annotated[str, typer.Option(help="FLAT, GRADUATED or VOLUME.")] = "",
    tier: TierOption = None,
    scale: Annotated[str, typer.Option(help="The carbon-asset scale in tonnes.")] = "",
    minimum: Annotated[str, typer.Option(help="The least that a year costs.")] = "",
    maximum: Annotated[str, typer.Option(help="The most that a year costs.")] = "",
    start: Annotated[str, typer.Option(help="The first day served, 2025-03-10.")] = "",
    end: Annotated[str, typer.Option(help="The day after the last day served.")] = "",
    tax_rate: Annotated[str, typer.Option(help="Such as 0.06; none is no tax.")] = "",
    tax_inclusive: Annotated[bool, typer.Option(help="The prices have the tax in them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the management fee of a year by month, and how it came about. Nothing is kept.

    Example: tanheng fee preview --model GRADUATED --tier 1000000:0.35 --tier 5000000:0.30
    --tier :0.25 --scale 8200000 --year 2025
    """
    record: dict[str, object] = {
        "customer": customer,
        "year": year or "",
        "charge_model": model,
        "tiers": [_tier(text) for text in tier or []],
        "scale_tonnes": scale,
        "minimum_annual": minimum,
        "maximum_annual": maximum,
        "service_period": days(start, end) or None,
        "tax_rate": tax_rate,
        "tax_inclusive": str(tax_inclusive),
    }
    request = from_options(billing_service_pb2.PreviewManagementFeeRequest(), record)
    with connect() as connection:
        stub = billing_service_pb2_grpc.BillingServiceStub(connection.channel)
        answer = connection.call(stub.PreviewManagementFee, request)
    Output(as_json).parts(
        answer,
        table_of("By the year", [answer], columns(Annual_amount="annual_amount")),
        table_of("By month", answer.months, MONTH_COLUMNS),
        explanation_table(answer.explanation),
    )


@app.command()
def schedules(*, as_json: AsJson = False) -> None:
    """List the fee schedules."""
    request = fee_schedule_service_pb2.ListFeeSchedulesRequest()
    with connect() as connection:
        stub = fee_schedule_service_pb2_grpc.FeeScheduleServiceStub(connection.channel)
        pages = every_page(connection, stub.ListFeeSchedules, request)
        found = [each for page in pages for each in page.fee_schedules]
    Output(as_json).many("fee_schedules", found, "Fee schedules", SCHEDULE_COLUMNS)


@app.command()
def revisions(
    *,
    schedule: Annotated[str, typer.Argument(help="Such as feeSchedules/internal.")],
    as_json: AsJson = False,
) -> None:
    """List the dated revisions of a schedule, drafts included."""
    request = fee_schedule_service_pb2.ListFeeScheduleRevisionsRequest(parent=schedule)
    with connect() as connection:
        stub = fee_schedule_service_pb2_grpc.FeeScheduleServiceStub(connection.channel)
        pages = every_page(connection, stub.ListFeeScheduleRevisions, request)
        found = [each for page in pages for each in page.fee_schedule_revisions]
    Output(as_json).many("fee_schedule_revisions", found, schedule, REVISION_COLUMNS)


@app.command()
def approve(
    *,
    revision: Annotated[list[str], typer.Argument(help="feeSchedules/…/revisions/… names.")],
    as_json: AsJson = False,
) -> None:
    """Put drafted revisions in force (role finance_director; not who drafted them)."""
    with connect() as connection:
        approve_fee_revisions(connection, revision).show(Output(as_json))


def _tier(text: str) -> dict[str, str]:
    return {TIER_FIELDS[name]: part for name, part in parts(text, TIER, "--tier").items()}
