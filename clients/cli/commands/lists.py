"""The lists that have a command each: customers, contracts, trades, invoices."""

from typing import Annotated

import typer
from rich.console import RenderableType
from tanheng.billing.v1 import (
    billing_service_pb2,
    billing_service_pb2_grpc,
    customer_service_pb2,
    customer_service_pb2_grpc,
    invoice_pb2,
)
from tanheng.settlement.v1 import (
    contract_service_pb2,
    contract_service_pb2_grpc,
    trade_service_pb2,
    trade_service_pb2_grpc,
)

from clients.cli.connection import Connection, connect
from clients.cli.loading.masters import approve_contracts
from clients.cli.options import CustomerOption, MonthOption, from_options
from clients.cli.output import AsJson, Output
from clients.cli.pages import every_page
from clients.cli.tables import columns, nested_table

customers_app = typer.Typer(no_args_is_help=True, help="Customers.")
contracts_app = typer.Typer(no_args_is_help=True, help="Guarantee contracts.")
trades_app = typer.Typer(no_args_is_help=True, help="Trades.")
invoices_app = typer.Typer(no_args_is_help=True, help="Invoices.")

CUSTOMER_COLUMNS = columns(
    Customer="name",
    Called="display_name",
    Class="customer_class",
    Kind="kind",
    From="service_start_date",
    Until="service_end_date",
)
CONTRACT_COLUMNS = columns(
    Contract="name",
    Customer="customer",
    Side="side",
    Instruments="instruments",
    Volume_t="volume_tonnes",
    Promised="promised_price",
    State="state",
)
TRADE_COLUMNS = columns(
    Trade="external_id",
    Day="trade_date",
    Mode="mode",
    Instrument="instrument",
    Side="side",
    Tonnes="tonnes",
    Price="unit_price",
    Contract="contract",
    Booked="booking_month",
)
INVOICE_COLUMNS = columns(Invoice="name", Customer="customer", State="state", Due="due_date")
LINE_COLUMNS = columns(
    Service="service",
    Line="description",
    Tonnes="quantity_tonnes",
    Price="unit_price",
    Net="net",
    Tax="tax",
    Gross="gross",
)


@customers_app.command(name="list")
def list_customers(*, as_json: AsJson = False) -> None:
    """List the customers that the caller may see."""
    request = customer_service_pb2.ListCustomersRequest()
    with connect() as connection:
        stub = customer_service_pb2_grpc.CustomerServiceStub(connection.channel)
        pages = every_page(connection, stub.ListCustomers, request)
        found = [each for page in pages for each in page.customers]
    Output(as_json).many("customers", found, "Customers", CUSTOMER_COLUMNS)


@contracts_app.command(name="list")
def list_contracts(*, customer: CustomerOption = "", as_json: AsJson = False) -> None:
    """List guarantee contracts, drafts included."""
    request = contract_service_pb2.ListContractsRequest(customer=customer)
    with connect() as connection:
        stub = contract_service_pb2_grpc.ContractServiceStub(connection.channel)
        pages = every_page(connection, stub.ListContracts, request)
        found = [each for page in pages for each in page.contracts]
    Output(as_json).many("contracts", found, "Contracts", CONTRACT_COLUMNS)


@contracts_app.command(name="approve")
def approve(
    *,
    contract: Annotated[list[str], typer.Argument(help="contracts/… names.")],
    as_json: AsJson = False,
) -> None:
    """Approve drafted contracts: someone other than who drafted them."""
    with connect() as connection:
        approve_contracts(connection, contract).show(Output(as_json))


@trades_app.command(name="list")
def list_trades(
    *,
    month: MonthOption = "",
    contract: Annotated[str, typer.Option(help="Only of this contract, contracts/x.")] = "",
    customer: CustomerOption = "",
    instrument: Annotated[str, typer.Option(help="Only of this instrument, CEA-2024.")] = "",
    as_json: AsJson = False,
) -> None:
    """List trades in their newest version."""
    record = {
        "month": month,
        "contract": contract,
        "customer": customer,
        "instrument": instrument,
    }
    request = from_options(trade_service_pb2.ListTradesRequest(), record)
    with connect() as connection:
        stub = trade_service_pb2_grpc.TradeServiceStub(connection.channel)
        pages = every_page(connection, stub.ListTrades, request)
        found = [each for page in pages for each in page.trades]
    Output(as_json).many("trades", found, "Trades", TRADE_COLUMNS)


@invoices_app.command(name="list")
def list_invoices_command(
    *, month: MonthOption = "", customer: CustomerOption = "", as_json: AsJson = False
) -> None:
    """List invoices with their lines."""
    request = billing_service_pb2.ListInvoicesRequest(month=month, customer=customer)
    with connect() as connection:
        found = list_invoices(connection, request)
    output = Output(as_json)
    if as_json:
        output.many("invoices", found, "", ())
    else:
        output.console.print(invoices_table(f"Invoices {month}", found))


def list_invoices(
    connection: Connection, request: billing_service_pb2.ListInvoicesRequest
) -> list[invoice_pb2.Invoice]:
    """Read every invoice that fits."""
    stub = billing_service_pb2_grpc.BillingServiceStub(connection.channel)
    pages = every_page(connection, stub.ListInvoices, request)
    return [each for page in pages for each in page.invoices]


def invoices_table(title: str, found: list[invoice_pb2.Invoice]) -> RenderableType:
    """Lay out invoices, a line each."""
    pairs = [(each, line) for each in found for line in each.lines]
    return nested_table(title, pairs, INVOICE_COLUMNS, LINE_COLUMNS)
