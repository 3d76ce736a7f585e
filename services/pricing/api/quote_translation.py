"""Quotes → wire."""

from collections.abc import Iterable
from decimal import Decimal

from google.type.decimal_pb2 import Decimal as WireDecimal
from tanheng.pricing.v1 import quote_pb2 as wire

from services.pricing.domain.guarantee.inquiry import ForwardPoint
from services.pricing.domain.guarantee.quote import GuaranteeQuote
from services.pricing.domain.quoting.custody import CustodyCover, CustodyTerms
from services.pricing.domain.quoting.quote import Quote, QuoteInputs
from services.wire.dates import to_wire_date, to_wire_period, to_wire_time
from services.wire.finding import to_wire_finding
from services.wire.gain_share import to_wire_gain_share_tiers
from services.wire.instrument import to_wire_instrument, to_wire_side
from services.wire.money import to_wire_money
from services.wire.numbers import decimal_text, to_wire_decimal


def to_wire_quote(quote: Quote) -> wire.Quote:
    """Write a quote; what was not stored has no name."""
    priced, figures = quote.priced, quote.priced.figures
    written = wire.Quote(
        name=quote.name,
        expire_time=to_wire_time(quote.expires_at),
        inputs=to_wire_inputs(priced.inputs),
        model=figures.model,
        model_version=figures.model_version,
        promised_tonnes=priced.inputs.promised_tonnes,
        value=to_wire_money(priced.value),
        custody_cover=None if priced.custody is None else _to_wire_cover(priced.custody),
        findings=[to_wire_finding(finding) for finding in priced.findings],
        creator=quote.creator,
        create_time=to_wire_time(quote.created_at),
    )
    written.expected_average.value = decimal_text(figures.expected_average)
    written.break_even_price.value = decimal_text(figures.break_even_price)
    written.recommended_price.value = decimal_text(figures.recommended_price)
    written.promised_price.value = decimal_text(figures.priced_at)
    written.value_per_tonne.value = decimal_text(figures.value_per_tonne)
    written.delta.value = decimal_text(figures.delta)
    written.gamma.value = decimal_text(figures.gamma)
    written.vega.value = decimal_text(figures.vega)
    written.probability_of_loss.value = decimal_text(figures.probability_of_loss)
    written.var_99.value = decimal_text(figures.var_99)
    written.cvar_99.value = decimal_text(figures.cvar_99)
    _write_tables(written, figures)
    return written


def to_wire_inputs(inputs: QuoteInputs) -> wire.QuoteInputs:
    """Write what a quote was computed from."""
    inquiry, outlook, origin = inputs.inquiry, inputs.inquiry.outlook, inputs.provenance
    written = wire.QuoteInputs(
        side=to_wire_side(inquiry.terms.side),
        instrument=to_wire_instrument(inputs.instrument),
        valuation_date=to_wire_date(inquiry.valuation_date),
        pay_date=to_wire_date(inquiry.payment_date),
        executed_tonnes=inputs.executed_tonnes,
        executed_amount=to_wire_money(inputs.executed_amount),
        gain_share_tiers=to_wire_gain_share_tiers(inquiry.terms.gain_share_tiers),
        loss_cap_per_tonne=_optional(inquiry.terms.loss_cap_per_tonne),
        promised_price=_optional(inquiry.promised_price),
        target_margin_per_tonne=_optional(inquiry.target_margin_per_tonne),
        target_return_on_cvar=_optional(inquiry.target_return_on_cvar),
        spot=_optional(outlook.spot),
        carry_rate=None if outlook.spot is None else to_wire_decimal(outlook.carry_rate),
        forward_curve=to_wire_forward_curve(outlook.forward_curve),
        forward_set_by=origin.forward_set_by,
        volatility=_optional(outlook.volatility),
        volatility_term=[
            wire.VolatilityPoint(
                date=to_wire_date(point.date), volatility=to_wire_decimal(point.volatility)
            )
            for point in outlook.volatility_term
        ],
        volatility_set_by=origin.volatility_set_by,
        volatility_source=origin.volatility_source,
        discount_rate=to_wire_decimal(inquiry.discount_rate),
        window=None if inputs.window is None else to_wire_period(inputs.window),
        total_tonnes=inputs.total_tonnes,
        custody=None if inputs.custody is None else _to_wire_custody(inputs.custody),
    )
    add = written.deliveries.add
    for each in inquiry.deliveries:
        delivery, day = add(planned_tonnes=each.planned_tonnes), each.date
        date = delivery.date
        date.year, date.month, date.day = day.year, day.month, day.day
    return written


def to_wire_forward_curve(points: Iterable[ForwardPoint]) -> list[wire.ForwardPrice]:
    """Write a forward curve."""
    return [
        wire.ForwardPrice(date=to_wire_date(point.date), price=to_wire_decimal(point.price))
        for point in points
    ]


def _write_tables(written: wire.Quote, figures: GuaranteeQuote) -> None:
    """Write the tables in place: an answer has some hundred decimals, and messages cost time."""
    for band in figures.break_even_band:
        outlook = written.break_even_band.add()
        outlook.volatility.value = decimal_text(band.volatility)
        outlook.drift.value = decimal_text(band.drift)
        outlook.price.value = decimal_text(band.price)
    for bend in figures.payoff:
        paid = written.payoff.add()
        paid.average_price.value = decimal_text(bend.average)
        paid.house.value = decimal_text(bend.house)
        paid.customer_price.value = decimal_text(bend.customer_price)
    for point in figures.profit_distribution:
        earned = written.profit_distribution.add()
        earned.probability.value = decimal_text(point.probability)
        earned.profit.value = decimal_text(point.profit)
        earned.average_price.value = decimal_text(point.average)


def _to_wire_custody(terms: CustodyTerms) -> wire.CustodyTerms:
    return wire.CustodyTerms(
        volume_cap_tonnes=terms.volume_cap_tonnes,
        daily_limit_tonnes=terms.daily_limit_tonnes,
        liquidity_haircut=to_wire_decimal(terms.liquidity_haircut),
        due_tonnes=_optional(terms.due_tonnes),
        other_promised_tonnes=terms.other_promised_tonnes,
    )


def _to_wire_cover(cover: CustodyCover) -> wire.CustodyCover:
    last = cover.last_sale_date
    cap = cover.demand_cap_tonnes
    return wire.CustodyCover(
        planned_tonnes=cover.planned_tonnes,
        promised_tonnes=cover.promised_tonnes,
        unpromised_tonnes=cover.unpromised_tonnes,
        last_sale_date=None if last is None else to_wire_date(last),
        haircut_per_tonne=to_wire_decimal(cover.haircut_per_tonne),
        demand_cap_tonnes=None if cap is None else to_wire_decimal(Decimal(cap)),
        demand_cap_rate=_optional(cover.demand_cap_rate),
        demand_cap_source=cover.demand_cap_source,
        demand_cap_use=_optional(cover.demand_cap_use),
    )


def _optional(value: Decimal | None) -> WireDecimal | None:
    return None if value is None else to_wire_decimal(value)
