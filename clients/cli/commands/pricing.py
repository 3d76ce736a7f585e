"""`tanheng pricing`: what prices, promises and tariffs come to, before anybody is bound by them."""

from pathlib import Path
from typing import Annotated

import typer
from tanheng.pricing.v1 import (
    fee_schedule_service_pb2,
    fee_schedule_service_pb2_grpc,
    management_modes_pb2,
    price_service_pb2,
    price_service_pb2_grpc,
    quote_pb2,
    quote_service_pb2,
    quote_service_pb2_grpc,
    replay_pb2,
)

from clients.cli.commands import pricing_charts, pricing_valuations
from clients.cli.connection import connect, new_request_id
from clients.cli.messages import Record
from clients.cli.options import from_options, parts, span, usage
from clients.cli.output import AsJson, Output, explanation_table
from clients.cli.pages import every_page
from clients.cli.pricing_tables import (
    BAND,
    CHANGE,
    CHANGE_TOTALS,
    DEPENDENT,
    MODES,
    QUOTE,
    RISK,
    SAVING,
    TRANSFER,
    VOLATILITY,
    WINDOW,
    WINDOW_TOTALS,
)
from clients.cli.records import read_yaml
from clients.cli.tables import table_of

app = typer.Typer(
    no_args_is_help=True, help="Volatility, quotes, replays, transfer prices, price changes."
)
app.add_typer(pricing_charts.app, name="chart")
app.add_typer(pricing_valuations.app)

RULE_FIELDS = {
    "MEAN_OF_LAST_DAYS": "days",
    "BREAK_EVEN": "volatility",
    "FIXED": "promised_price",
}
SHARE_FIELDS = {"UP_TO_GAIN": "up_to_gain_per_tonne", "SHARE": "customer_share"}

SeriesArgument = Annotated[str, typer.Argument(metavar="SERIES", help="priceSeries/…")]
StartOption = Annotated[str, typer.Option(help="The first day, 2025-06-30.")]
EndOption = Annotated[str, typer.Option(help="The day after the last day.")]
KnownAtOption = Annotated[
    str, typer.Option(help="As it was known at a moment, 2025-07-05T00:00:00Z. Now.")
]
WindowOption = Annotated[
    list[str] | None,
    typer.Option(metavar="START:END:TONNES", help="A delivery window; END is the day after."),
]
ShareOption = Annotated[
    list[str] | None,
    typer.Option(metavar="UP_TO_GAIN:SHARE", help="The customer's part of a gain; ':0.5' last."),
]


@app.command()
def volatility(
    *,
    series: SeriesArgument,
    start: StartOption,
    end: EndOption,
    method: Annotated[
        str, typer.Option(help="CLOSE_TO_CLOSE, EWMA, LONG_RUN, RECENT or QUOTING.")
    ] = "",
    known_at: KnownAtOption = "",
    as_json: AsJson = False,
) -> None:
    """Estimate how much a series moves in a year, with what the figure rests on."""
    record = {"series": series, "method": method, "known_at": known_at, **span(start, end)}
    request = from_options(price_service_pb2.EstimateVolatilityRequest(), record)
    with connect() as connection:
        stub = price_service_pb2_grpc.PriceServiceStub(connection.channel)
        answer = connection.call(stub.EstimateVolatility, request)
    Output(as_json).one(answer, f"Volatility of {series}", VOLATILITY)


@app.command()
def dependents(
    *,
    series: SeriesArgument,
    start: StartOption,
    end: EndOption,
    changed_since: Annotated[
        str, typer.Option(help="Only what uses a day that changed after a moment.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """List what uses prices of a series: settle it again when they change."""
    record = {"series": series, "changed_since": changed_since, **span(start, end)}
    request = from_options(price_service_pb2.ListPriceDependentsRequest(), record)
    with connect() as connection:
        stub = price_service_pb2_grpc.PriceServiceStub(connection.channel)
        pages = every_page(connection, stub.ListPriceDependents, request)
        found = [each for page in pages for each in page.price_dependents]
    Output(as_json).many("price_dependents", found, f"Uses prices of {series}", DEPENDENT)


@app.command(name="transfer-price")
def transfer_price(
    *,
    instrument: Annotated[str, typer.Argument(help="Such as CEA-2024.")],
    day: Annotated[str, typer.Argument(help="The day it moves, 2025-07-04.")],
    method: Annotated[str, typer.Option(help="DAY_CLOSE or DAY_VWAP.")] = "",
    fallback_days: Annotated[str, typer.Option(help="Closes of the last rung; 0: none.")] = "",
    accept_not_final: Annotated[bool, typer.Option(help="Take a price that may change.")] = False,
    known_at: KnownAtOption = "",
    as_json: AsJson = False,
) -> None:
    """Find the price at which tonnes move inside the group, with its rung, days and bounds."""
    record: Record = {
        "instrument": instrument,
        "trade_date": day,
        "method": method,
        "fallback_days": fallback_days,
        "accept_not_final": str(accept_not_final),
        "known_at": known_at,
    }
    request = from_options(quote_service_pb2.QuoteTransferPriceRequest(), record)
    with connect() as connection:
        stub = quote_service_pb2_grpc.QuoteServiceStub(connection.channel)
        answer = connection.call(stub.QuoteTransferPrice, request)
    Output(as_json).parts(
        answer,
        table_of(f"Transfer price of {instrument}", [answer], TRANSFER),
        explanation_table(answer.explanation),
    )


@app.command()
def replay(
    *,
    series: SeriesArgument,
    window: WindowOption = None,
    side: Annotated[str, typer.Option(help="PURCHASE or SALE.")] = "PURCHASE",
    rule: Annotated[
        str,
        typer.Option(
            metavar="KIND[:FIGURE]",
            help="SPOT, MEAN_OF_LAST_DAYS:20, FORWARD, BREAK_EVEN[:volatility] or FIXED:75.00.",
        ),
    ] = "SPOT",
    carry_rate: Annotated[str, typer.Option(help="Of FORWARD and BREAK_EVEN, 0.02.")] = "",
    share: ShareOption = None,
    loss_cap: Annotated[str, typer.Option(help="The most that the house bears a tonne.")] = "",
    execution: Annotated[
        str, typer.Option(metavar="KIND[:DAYS]", help="EVEN, LAST_MONTH or LAST_DAYS:20.")
    ] = "EVEN",
    benchmark: Annotated[str, typer.Option(help="TWAP or VWAP.")] = "",
    as_json: AsJson = False,
) -> None:
    """Replay a guarantee on real prices: promised price, drift, skill, house, customer.

    Example: tanheng pricing replay priceSeries/cea-composite --window 2025-01-01:2026-01-01:100000
    --rule MEAN_OF_LAST_DAYS:20 --share :0.3
    """
    record: Record = {
        "series": series,
        "side": side,
        "windows": [_window(text) for text in window or []],
        "promise_rule": {**_rule(rule), "carry_rate": carry_rate},
        "gain_share_tiers": [_share(text) for text in share or []],
        "loss_cap_per_tonne": loss_cap,
        **_execution(execution),
        "benchmark": benchmark,
    }
    request = from_options(replay_pb2.ReplayGuaranteeRequest(), record)
    with connect() as connection:
        stub = quote_service_pb2_grpc.QuoteServiceStub(connection.channel)
        answer = connection.call(stub.ReplayGuarantee, request)
    Output(as_json).parts(
        answer,
        table_of("Replayed", answer.windows, WINDOW),
        table_of("In all", [answer.totals], WINDOW_TOTALS),
        *(explanation_table(each.explanation) for each in answer.windows[:1]),
    )


@app.command(name="compare-modes")
def compare_modes(
    *,
    file: Annotated[
        Path, typer.Argument(help="A YAML file with the fields of CompareManagementModesRequest.")
    ],
    as_json: AsJson = False,
) -> None:
    """Compare unified with decentralised management; every saving may be negative."""
    request = from_options(management_modes_pb2.CompareManagementModesRequest(), read_yaml(file))
    with connect() as connection:
        stub = quote_service_pb2_grpc.QuoteServiceStub(connection.channel)
        answer = connection.call(stub.CompareManagementModes, request)
    Output(as_json).parts(
        answer,
        table_of("Unified and decentralised", [answer], MODES),
        table_of("What the unified way saves", [answer.saving], SAVING),
        explanation_table(answer.explanation),
    )


@app.command(name="price-change")
def price_change(
    *,
    schedule: Annotated[str, typer.Argument(help="Such as feeSchedules/internal.")],
    revision: Annotated[str, typer.Option(help="A stored draft, feeSchedules/…/revisions/….")] = "",
    file: Annotated[
        Path | None, typer.Option(help="A YAML file with the fields of a revision.")
    ] = None,
    scale_year: Annotated[str, typer.Option(help="The year whose scales are charged.")] = "",
    as_json: AsJson = False,
) -> None:
    """Tell who would pay how much more, from when, if a draft were approved now."""
    if bool(revision) == bool(file):
        usage("give --revision or --file, one of them", "--revision")
    draft: Record = {"draft": read_yaml(file)} if file else {"revision": revision}
    record = {"fee_schedule": schedule, "scale_year": scale_year, **draft}
    request = from_options(fee_schedule_service_pb2.PreviewPriceChangeRequest(), record)
    with connect() as connection:
        stub = fee_schedule_service_pb2_grpc.FeeScheduleServiceStub(connection.channel)
        pages = list(every_page(connection, stub.PreviewPriceChange, request))
    first, output = pages[0], Output(as_json)
    first.ClearField("next_page_token")
    for page in pages[1:]:
        first.changes.extend(page.changes)
    output.parts(
        first,
        table_of(f"If a draft of {schedule} were approved", first.changes, CHANGE),
        table_of("In all", [first.totals], CHANGE_TOTALS),
        *first.notes,
    )


@app.command()
def quote(
    *,
    file: Annotated[
        Path, typer.Argument(help="A YAML file with the fields of QuoteGuaranteeRequest.")
    ],
    store: Annotated[bool, typer.Option(help="Keep the quote under a name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Price a promise by its risk."""
    record = {
        **read_yaml(file),
        "validate_only": str(not store),
        "request_id": new_request_id(),
    }
    request = from_options(quote_pb2.QuoteGuaranteeRequest(), record)
    with connect() as connection:
        stub = quote_service_pb2_grpc.QuoteServiceStub(connection.channel)
        answer = connection.call(stub.QuoteGuarantee, request)
    Output(as_json).parts(
        answer,
        table_of("Quote", [answer], QUOTE),
        table_of("Risk, CNY per tonne", [answer], RISK),
        table_of("Break-even by volatility and drift", answer.break_even_band, BAND),
    )


def _window(text: str) -> Record:
    given = parts(text, ("START", "END", "TONNES"), "--window")
    window = {"start_date": given["START"], "end_date": given["END"]}
    return {"delivery_window": window, "total_tonnes": given["TONNES"]}


def _rule(text: str) -> Record:
    given = parts(text, ("KIND", "FIGURE?"), "--rule")
    kind = given.get("KIND", "")
    field = RULE_FIELDS.get(kind)
    if "FIGURE" in given and field is None:
        rules = ", ".join(RULE_FIELDS)
        usage(f"{kind!r} takes no figure; only {rules} do", "--rule")
    return {"kind": kind, **({field: given["FIGURE"]} if field and "FIGURE" in given else {})}


def _execution(text: str) -> Record:
    given = parts(text, ("KIND", "DAYS?"), "--execution")
    return {"execution": given.get("KIND", ""), "execution_days": given.get("DAYS", "")}


def _share(text: str) -> Record:
    given = parts(text, tuple(SHARE_FIELDS), "--share")
    return {SHARE_FIELDS[name]: part for name, part in given.items()}
