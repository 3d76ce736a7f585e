"""One quote: what a promise is worth, what it should cost, and what it risks. Pure.

Everything is per tonne of the whole average. Nothing is rounded before the end; there every figure
is rounded once, to six decimals. Formulas and sources: docs/reference/guarantee-pricer.md.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import exp

import numpy as np

from services.pricing.domain.guarantee.average import Schedule, schedule_of
from services.pricing.domain.guarantee.band import BandPoint, BreakEven, break_even_of
from services.pricing.domain.guarantee.break_even import (
    NoBreakEven,
    break_even_prices,
    rising_root,
)
from services.pricing.domain.guarantee.decimals import to_binary, to_decimal, year_fraction
from services.pricing.domain.guarantee.inquiry import GuaranteeInquiry
from services.pricing.domain.guarantee.inquiry_checks import check_inquiry
from services.pricing.domain.guarantee.laws import model_of
from services.pricing.domain.guarantee.model import MODEL_VERSION
from services.pricing.domain.guarantee.outcomes import (
    PayoffPoint,
    ProfitPoint,
    payoff_table,
    profit_distribution,
)
from services.pricing.domain.guarantee.promise import Promises, promises_of
from services.pricing.domain.guarantee.risk import PricedPromise, price_promise


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeQuote:
    """The figures of a quote; CNY per tonne to six decimals unless said otherwise.

    ``recommended_price`` earns the target; without one it is ``break_even_price``. All that follows
    is at ``priced_at``: the promised price if there is one, else the recommended one. Positive is
    the house's. ``value_per_tonne`` is what the house expects, discounted from the pay date by
    ``discount_factor``; ``delta``, ``gamma`` and ``vega`` are derivatives of it: by the spot with
    all forwards in proportion (without a spot: by their mean), once and twice, and by 1.00 of
    volatility. ``var_99`` and ``cvar_99`` are losses, undiscounted; see ``risk.py``.
    """

    expected_average: Decimal
    break_even_price: Decimal
    recommended_price: Decimal
    priced_at: Decimal
    value_per_tonne: Decimal
    discount_factor: Decimal
    delta: Decimal
    gamma: Decimal
    vega: Decimal
    probability_of_loss: Decimal
    var_99: Decimal
    cvar_99: Decimal
    break_even_band: tuple[BandPoint, ...]
    payoff: tuple[PayoffPoint, ...]
    profit_distribution: tuple[ProfitPoint, ...]
    model: str
    model_version: str


def quote_guarantee(*, inquiry: GuaranteeInquiry) -> GuaranteeQuote:
    """Price a promise; the same inquiry gives the same figures, bit for bit on one machine.

    Raises:
        InvalidInquiry: a field has no meaning; every wrong one is named.
        FormsMixed: two ways of saying one thing, or none.
        MovesTooFar: volatility and time together leave prices without meaning.
        ForwardsTooHigh: carry and time together do.
        TiersDoNotTile: the gain share tiers are out of order.
        NoBreakEven: too much of every gain is shared for any price to earn what is asked, or no
            loss is borne.
    """
    check_inquiry(inquiry)
    if inquiry.terms.loss_cap_per_tonne == 0:
        why = "with a loss cap of 0 the house bears no loss, so every price leaves it something"
        raise NoBreakEven(why, subject="loss_cap_per_tonne", way_out="raise the loss cap")
    schedule, promises = schedule_of(inquiry), promises_of([inquiry.terms])
    own = break_even_of(schedule=schedule, promises=promises)
    recommended = _recommended(inquiry, own, promises)
    price = recommended
    if inquiry.promised_price is not None:
        price = to_binary(inquiry.promised_price)
    priced = price_promise(law=own.law, promises=promises, price=price)
    discount = _discount_factor(inquiry)
    delta, gamma, vega = _greeks(priced, schedule)
    return GuaranteeQuote(
        expected_average=to_decimal(priced.expected),
        break_even_price=to_decimal(own.price),
        recommended_price=to_decimal(recommended),
        priced_at=to_decimal(price),
        value_per_tonne=to_decimal(discount * priced.expectation),
        discount_factor=to_decimal(discount),
        delta=to_decimal(discount * delta),
        gamma=to_decimal(discount * gamma),
        vega=to_decimal(discount * vega),
        probability_of_loss=to_decimal(priced.probability_of_loss),
        var_99=to_decimal(priced.value_at_risk),
        cvar_99=to_decimal(priced.conditional_value_at_risk),
        break_even_band=own.band,
        payoff=payoff_table(priced),
        profit_distribution=profit_distribution(priced),
        model=model_of(own.law),
        model_version=MODEL_VERSION,
    )


def _recommended(inquiry: GuaranteeInquiry, own: BreakEven, promises: Promises) -> float:
    """The price that earns the target: a margin, or a return on the CVaR at that price."""
    if inquiry.target_margin_per_tonne is not None:
        margins = np.array([to_binary(inquiry.target_margin_per_tonne)])
        return float(break_even_prices(laws=own.law, promises=promises, margins=margins)[0])
    if inquiry.target_return_on_cvar is None:
        return own.price
    wanted = to_binary(inquiry.target_return_on_cvar)

    def excess(price: float) -> float:
        priced = price_promise(law=own.law, promises=promises, price=price)
        return priced.expectation - wanted * priced.conditional_value_at_risk

    return rising_root(excess, start=own.price, side=float(promises.side[0]))


def _greeks(priced: PricedPromise, schedule: Schedule) -> tuple[float, float, float]:
    """Delta, gamma and vega, undiscounted: a call is homogeneous in forwards and strike.

    With the strike k less what is known, ``S delta = C - k C_k`` and ``S^2 gamma = k^2 C_kk``.
    """
    averages, promises, calls = schedule.averages, priced.promises, priced.survey.calls
    known, level = float(averages.known[0]), float(averages.levels[0])
    volatility, quantities = float(averages.volatilities[0]), promises.quantities[0]
    strikes = np.maximum(priced.price - known + promises.offsets[0], 0.0)
    forward = priced.expected - known
    each = np.where(strikes > 0.0, calls.value[0] - strikes * calls.slope[0], forward)
    delta = (float(quantities @ each) - float(promises.slope[0]) * forward) / level
    gamma = float(quantities @ (strikes * strikes * calls.curvature[0])) / level**2
    vega = float(quantities @ calls.log_vega[0]) / volatility if volatility > 0.0 else 0.0
    return delta, gamma, vega


def _discount_factor(inquiry: GuaranteeInquiry) -> float:
    years = year_fraction((inquiry.payment_date - inquiry.valuation_date).days)
    return exp(-to_binary(inquiry.discount_rate) * years)
