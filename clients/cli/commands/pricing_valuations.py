"""`tanheng pricing quotes`, `value`, `valuation`: kept quotes, and all promises together."""

from pathlib import Path
from typing import Annotated

import typer
from tanheng.pricing.v1 import quote_pb2, quote_service_pb2_grpc, valuation_pb2

from clients.cli.connection import connect, new_request_id
from clients.cli.messages import Record
from clients.cli.operations import wait_for
from clients.cli.options import from_options, today
from clients.cli.output import AsJson, Output, findings_table
from clients.cli.pages import every_page
from clients.cli.pricing_tables import (
    CONTRACT_VALUE,
    INSTRUMENT_VALUE,
    LIMIT,
    MARKET,
    OUTCOME,
    PORTFOLIO_RISK,
    QUOTED,
    VALUATION,
)
from clients.cli.records import read_yaml
from clients.cli.tables import table_of

app = typer.Typer()

FileOption = Annotated[
    Path | None, typer.Option(help="A YAML file with the fields of ValuationScenario.")
]


@app.command()
def quotes(
    *,
    side: Annotated[str, typer.Option(help="PURCHASE or SALE.")] = "",
    kind: Annotated[str, typer.Option(help="CEA or CCER.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the quotes that were kept."""
    record: Record = {"side": side, "instrument_kind": kind}
    request = from_options(quote_pb2.ListQuotesRequest(), record)
    with connect() as connection:
        stub = quote_service_pb2_grpc.QuoteServiceStub(connection.channel)
        pages = every_page(connection, stub.ListQuotes, request)
        found = [each for page in pages for each in page.quotes]
    Output(as_json).many("quotes", found, "Quotes", QUOTED)


@app.command()
def value(
    *,
    contract: Annotated[
        list[str] | None, typer.Argument(metavar="[CONTRACT]…", help="contracts/…; none: all.")
    ] = None,
    as_of: Annotated[str, typer.Option(help="The day, 2025-06-30. Today.")] = "",
    correlation: Annotated[str, typer.Option(help="Of allowances and credits, 0.3.")] = "",
    paths: Annotated[str, typer.Option(help="How many price paths; 100,000.")] = "",
    seed: Annotated[str, typer.Option(help="Of the random numbers; that of the day.")] = "",
    file: FileOption = None,
    as_json: AsJson = False,
) -> None:
    """Value open contracts on one joint set of price paths: worth, VaR, CVaR, other markets.

    Example: tanheng pricing value --as-of 2025-06-30 --correlation 0.4
    """
    said = {"correlation": correlation, "path_count": paths, "seed": seed}
    scenario = {**(read_yaml(file) if file else {}), **{k: v for k, v in said.items() if v}}
    record: Record = {
        "contracts": contract or [],
        "all": str(not contract),
        "as_of_date": as_of or today(),
        "scenario": scenario or None,
        "request_id": new_request_id(),
    }
    request = from_options(valuation_pb2.ValueContractsRequest(), record)
    with connect() as connection:
        stub = quote_service_pb2_grpc.QuoteServiceStub(connection.channel)
        operation = connection.call(stub.ValueContracts, request)
        answer = wait_for(connection, operation, valuation_pb2.Valuation(), label="valuation")
    _show(answer, Output(as_json))


@app.command()
def valuation(
    *,
    name: Annotated[str, typer.Argument(help="valuations/2025-06-30-1")],
    by_contract: Annotated[bool, typer.Option(help="Show what each contract is worth.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a valuation again, or what each of its contracts is worth."""
    with connect() as connection:
        stub = quote_service_pb2_grpc.QuoteServiceStub(connection.channel)
        if not by_contract:
            get = valuation_pb2.GetValuationRequest(name=name)
            _show(connection.call(stub.GetValuation, get), Output(as_json))
            return
        request = valuation_pb2.ListContractValuesRequest(valuation=name, page_size=1000)
        pages = every_page(connection, stub.ListContractValues, request)
        found = [each for page in pages for each in page.contract_values]
    Output(as_json).many("contract_values", found, f"Contracts of {name}", CONTRACT_VALUE)


def _show(answer: valuation_pb2.Valuation, output: Output) -> None:
    output.parts(
        answer,
        table_of(f"Valuation {answer.name}", [answer], VALUATION),
        table_of("Risk of all of them, CNY", [answer.risk], PORTFOLIO_RISK),
        table_of("By kind", answer.instruments, INSTRUMENT_VALUE),
        table_of("Markets taken for granted", answer.markets, MARKET),
        table_of("Under other markets, CNY", answer.scenarios, OUTCOME),
        table_of("Limits", answer.limits, LIMIT),
        findings_table(answer.findings),
    )
