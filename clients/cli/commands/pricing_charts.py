"""`tanheng pricing chart`: pictures of prices and promises, as PNG, SVG or PDF."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import exp
from pathlib import Path
from typing import Annotated

import typer
from google.type.date_pb2 import Date
from google.type.decimal_pb2 import Decimal as WireDecimal
from tanheng.common.v1 import common_pb2
from tanheng.pricing.v1 import (
    price_service_pb2,
    price_service_pb2_grpc,
    quote_pb2,
    quote_service_pb2_grpc,
)
from tanheng.settlement.v1 import contract_service_pb2, contract_service_pb2_grpc

from clients.cli.charts.figures import (
    BandPoint,
    Close,
    Outlook,
    PayoffPoint,
    PayoffTerms,
    PromisedSpan,
    Quantile,
    payoff_of,
    sharing_of,
)
from clients.cli.connection import Connection, connect
from clients.cli.errors import InputRefused
from clients.cli.options import from_options, parts, span, usage
from clients.cli.output import notices
from clients.cli.pages import every_page
from clients.cli.records import read_yaml
from clients.cli.spelling import write_instrument

app = typer.Typer(no_args_is_help=True, help="Draw prices, payoffs, distributions and bands.")

PROMISE = ("PRICE", "START", "END", "LABEL?")
_STEPS = 200
_REACH = 0.4
"""A payoff is shown from so much below the promised price to so much above."""

Out = Annotated[Path, typer.Option("--out", "-o", help="The file, .png, .svg or .pdf.")]
QuoteArgument = Annotated[
    str, typer.Argument(metavar="QUOTE", help="quotes/…, or a file that a quote --json gave.")
]
ContractsOption = Annotated[
    list[str] | None, typer.Option("--contract", help="Show its promise, contracts/…. Repeat.")
]


@app.command(name="price-history")
def price_history(
    *,
    series: Annotated[str, typer.Argument(metavar="SERIES", help="priceSeries/…")],
    out: Out,
    start: Annotated[str, typer.Option(help="The first day, 2025-01-01.")] = "",
    end: Annotated[str, typer.Option(help="The day after the last day.")] = "",
    contract: ContractsOption = None,
    promise: Annotated[
        list[str] | None,
        typer.Option(metavar="PRICE:START:END[:LABEL]", help="Show a promise. Repeat."),
    ] = None,
) -> None:
    """Draw a price by day, with what was promised over it."""
    record = {"series": series, **span(start, end)}
    request = from_options(price_service_pb2.ListPricePointsRequest(), record)
    promises = [_promise(text) for text in promise or []]
    with connect() as connection:
        stub = price_service_pb2_grpc.PriceServiceStub(connection.channel)
        pages = every_page(connection, stub.ListPricePoints, request)
        closes = [_close(point) for page in pages for point in page.price_points]
        contracts = [_of_contract(_contract(connection, name)) for name in contract or []]
    if not closes:
        raise InputRefused(f"{series} has no prices in that span")
    from clients.cli.charts.price_history import draw_price_history  # noqa: PLC0415 - slow to load

    draw_price_history(out, name=series, closes=closes, promises=[*contracts, *promises])
    _say(out)


@app.command()
def payoff(
    *,
    contract: Annotated[str, typer.Argument(metavar="CONTRACT", help="contracts/…")],
    out: Out,
) -> None:
    """Draw what a contract pays at every average: to the house, and to the customer."""
    with connect() as connection:
        found = _contract(connection, contract)
    is_purchase = found.side == common_pb2.GUARANTEE_SIDE_PURCHASE
    tiers = [
        (
            _number(tier.up_to_gain_per_tonne) if tier.HasField("up_to_gain_per_tonne") else None,
            _number(tier.customer_share),
        )
        for tier in found.gain_share_tiers
    ]
    capped = found.HasField("loss_cap_per_tonne")
    cap = _number(found.loss_cap_per_tonne) if capped else None
    sharing = sharing_of(tiers, loss_cap=cap)
    terms = PayoffTerms(found.name, is_purchase, _number(found.promised_price), sharing)
    averages = _averages(terms, [bound for bound, _ in tiers if bound is not None], cap)
    points = payoff_of(terms, tiers=tiers, loss_cap=cap, averages=averages)
    from clients.cli.charts.payoff import draw_payoff  # noqa: PLC0415 - slow to load

    draw_payoff(out, terms=terms, points=points)
    _say(out)


@app.command()
def distribution(*, quote: QuoteArgument, out: Out) -> None:
    """Draw how the result of a quote may fall out, with VaR and CVaR."""
    found = _quote(quote)
    outlook = Outlook(
        name=_what(found),
        promised=_number(found.promised_price),
        expected=_undiscounted(found),
        probability_of_loss=_number(found.probability_of_loss),
        var_99=_number(found.var_99),
        cvar_99=_number(found.cvar_99),
        quantiles=tuple(
            Quantile(_number(each.probability), _number(each.profit), _number(each.average_price))
            for each in found.profit_distribution
        ),
        payoff=tuple(
            PayoffPoint(
                _number(each.average_price), _number(each.house), _number(each.customer_price)
            )
            for each in found.payoff
        ),
    )
    from clients.cli.charts.profit import draw_profit  # noqa: PLC0415 - slow to load

    draw_profit(out, outlook=outlook)
    _say(out)


@app.command()
def band(*, quote: QuoteArgument, out: Out) -> None:
    """Draw how far the break-even price of a quote moves with volatility and drift."""
    found = _quote(quote)
    points = [
        BandPoint(_number(each.volatility), _number(each.drift), _number(each.price))
        for each in found.break_even_band
    ]
    from clients.cli.charts.band import draw_band  # noqa: PLC0415 - slow to load

    draw_band(
        out,
        name=_what(found),
        own=_number(found.break_even_price),
        promised=_number(found.promised_price),
        points=points,
    )
    _say(out)


def _what(quote: quote_pb2.Quote) -> str:
    """Say what a quote is about: its side, tonnes and instrument, and of which day."""
    inputs = quote.inputs
    side = "purchase" if inputs.side == common_pb2.GUARANTEE_SIDE_PURCHASE else "sale"
    tonnes = inputs.executed_tonnes + sum(each.planned_tonnes for each in inputs.deliveries)
    instrument = write_instrument(inputs.instrument)
    name = f"{quote.name}, " if quote.name else ""
    return (
        f"{name}{side} of {tonnes:,} t {instrument}, valued {_day(inputs.valuation_date):%d %b %Y}"
    )


def _undiscounted(quote: quote_pb2.Quote) -> float:
    """What is expected on the pay date: the value before it was discounted, as results are."""
    inputs = quote.inputs
    days = (_day(inputs.pay_date) - _day(inputs.valuation_date)).days
    return _number(quote.value_per_tonne) * exp(_number(inputs.discount_rate) * days / 365)


def _quote(source: str) -> quote_pb2.Quote:
    """Read a quote by its name, or from a file of its JSON."""
    if not source.startswith("quotes/"):
        found = from_options(quote_pb2.Quote(), read_yaml(Path(source)))
        if not found.inputs.HasField("valuation_date") or not found.inputs.HasField("pay_date"):
            raise InputRefused(f"{source} is no quote as `tanheng pricing quote --json` writes it")
        return found
    with connect() as connection:
        stub = quote_service_pb2_grpc.QuoteServiceStub(connection.channel)
        return connection.call(stub.GetQuote, quote_pb2.GetQuoteRequest(name=source))


def _contract(connection: Connection, name: str) -> contract_service_pb2.Contract:
    stub = contract_service_pb2_grpc.ContractServiceStub(connection.channel)
    request = contract_service_pb2.GetContractRequest(name=name)
    return connection.call(stub.GetContract, request)


def _of_contract(contract: contract_service_pb2.Contract) -> PromisedSpan:
    window, price = contract.delivery_window, _number(contract.promised_price)
    return PromisedSpan(contract.name, price, _day(window.start_date), _day(window.end_date))


def _promise(text: str) -> PromisedSpan:
    given = parts(text, PROMISE, "--promise")
    days = {"start_date": given["START"], "end_date": given["END"]}
    window = from_options(common_pb2.DateRange(), days, option="--promise")
    paid = {"unit_price": given["PRICE"]}
    price = from_options(common_pb2.Tier(), paid, option="--promise").unit_price
    start, end = _day(window.start_date), _day(window.end_date)
    if end <= start:
        usage(f"ends on {end}, and starts on {start}; END is the day after the last", "--promise")
    return PromisedSpan(given.get("LABEL", ""), _number(price), start, end)


def _close(point: price_service_pb2.PricePoint) -> Close:
    known = point.HasField("volume_tonnes")
    return Close(
        day=_day(point.date),
        price=_number(point.close),
        kilotonnes=(point.volume_tonnes + point.block_volume_tonnes) / 1_000 if known else None,
        is_final=point.quality == price_service_pb2.PRICE_QUALITY_FINAL,
    )


def _averages(terms: PayoffTerms, gains: Sequence[float], cap: float | None) -> list[float]:
    """Take even steps around the promised price, and every bend between them."""
    low, high = (1 - _REACH) * terms.promised, (1 + _REACH) * terms.promised
    sign = -1.0 if terms.is_purchase else 1.0
    bends = {terms.promised, *(terms.promised + sign * gain for gain in gains)}
    bends |= set() if cap is None else {terms.promised - sign * cap}
    steps = {low + (high - low) * index / _STEPS for index in range(_STEPS + 1)}
    return sorted(steps | {bend for bend in bends if low < bend < high})


def _number(value: WireDecimal) -> float:
    return float(Decimal(value.value or 0))


def _day(value: Date) -> date:
    return date(value.year, value.month, value.day)


def _say(out: Path) -> None:
    notices().print(f"drawn: {out}")
