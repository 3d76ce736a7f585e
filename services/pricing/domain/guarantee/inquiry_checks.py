"""Which inquiries have an answer; every wrong field is named at once."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from services.kernel.errors import FieldsExcludeEachOther, FieldViolation, InvalidInput
from services.kernel.gain_share import check_gain_share_tiers
from services.kernel.loss_cap import loss_cap_violations
from services.kernel.period import Period
from services.pricing.domain.guarantee.inquiry import GuaranteeInquiry, Outlook
from services.pricing.domain.guarantee.promise import PromiseTerms

MOST_DELIVERIES = 10_000
MOST_TONNES = 10**12
HIGHEST_PRICE = Decimal(10**6)
HIGHEST_VOLATILITY = Decimal(3)
HIGHEST_RATE = Decimal(1)
MOST_DAYS = 20 * 366
MOST_DISCOUNT_DAYS = 7 * 365
_CURRENCY = "CNY"
_CURVE_POINTS = MOST_DELIVERIES


class InvalidInquiry(InvalidInput):
    """The inquiry has no answer: a figure is not finite or out of bounds, or days do not fit."""


class FormsMixed(FieldsExcludeEachOther):
    """Two ways of saying one thing were given, or none."""


def check_inquiry(inquiry: GuaranteeInquiry) -> None:
    """Refuse what cannot be quoted.

    Raises:
        InvalidInquiry: with a violation for every wrong field.
        FormsMixed: spot and forward curve, volatility and its term, or both targets.
        TiersDoNotTile: the gain share tiers are out of order.
    """
    violations = (
        *_of_terms(inquiry.terms),
        *_of_deliveries(inquiry),
        *_of_executed(inquiry),
        *_of_outlook(inquiry.outlook, inquiry.valuation_date),
        *_of_figures(inquiry),
    )
    if violations:
        text = "; ".join(f"{wrong.field} {wrong.description}" for wrong in violations[:20])
        raise InvalidInquiry(text, violations=violations)
    check_gain_share_tiers(inquiry.terms.gain_share_tiers)
    _check_forms(inquiry)


def _check_forms(inquiry: GuaranteeInquiry) -> None:
    outlook = inquiry.outlook
    if (outlook.spot is None) == (not outlook.forward_curve):
        raise _mixed("outlook", "give spot and carry_rate, or forward_curve")
    if outlook.forward_curve and outlook.carry_rate:
        raise _mixed("carry_rate", "belongs to spot; a forward_curve has its own")
    if (outlook.volatility is None) == (not outlook.volatility_term):
        raise _mixed("volatility", "give volatility, or volatility_term")
    if inquiry.target_margin_per_tonne is not None and inquiry.target_return_on_cvar is not None:
        raise _mixed("target_return_on_cvar", "give one target, or none")


def _mixed(field: str, text: str) -> FormsMixed:
    return FormsMixed(f"{field}: {text}", violations=(FieldViolation(field, text),))


def _bounded(
    field: str, value: Decimal | None, low: Decimal, high: Decimal, *, open_below: bool = False
) -> Iterator[FieldViolation]:
    if value is None:
        return
    if not value.is_finite():
        yield FieldViolation(field, f"is {value}; it is a finite number")
    elif value > high or value < low or (open_below and value == low):
        least = f"above {low}" if open_below else f"{low} or above"
        yield FieldViolation(field, f"is {value}; it is {least}, and at most {high}")


def _price(field: str, value: Decimal | None) -> Iterator[FieldViolation]:
    return _bounded(field, value, Decimal(0), HIGHEST_PRICE, open_below=True)


def _of_terms(terms: PromiseTerms) -> Iterator[FieldViolation]:
    for index, tier in enumerate(terms.gain_share_tiers):
        path = f"gain_share_tiers[{index}]"
        yield from _bounded(f"{path}.customer_share", tier.customer_share, Decimal(0), Decimal(1))
        yield from _price(f"{path}.up_to_gain_per_tonne", tier.up_to_gain_per_tonne)
    yield from loss_cap_violations(terms.loss_cap_per_tonne)


def _of_deliveries(inquiry: GuaranteeInquiry) -> Iterator[FieldViolation]:
    deliveries, start = inquiry.deliveries, inquiry.valuation_date
    if not deliveries:
        yield FieldViolation("deliveries", "is empty; plan at least one")
    if len(deliveries) > MOST_DELIVERIES:
        text = f"has {len(deliveries)} entries; at most {MOST_DELIVERIES}"
        yield FieldViolation("deliveries", text)
        return
    latest = _latest(start)
    for index, delivery in enumerate(deliveries):
        if not 0 < delivery.planned_tonnes <= MOST_TONNES:
            text = f"is {delivery.planned_tonnes}; it is 1 to {MOST_TONNES}"
            yield FieldViolation(f"deliveries[{index}].planned_tonnes", text)
        if not inquiry.executed and delivery.date < start:
            text = f"is {delivery.date}, before the valuation on {start}; say what was executed"
            yield FieldViolation(f"deliveries[{index}].date", text)
        elif delivery.date > latest:
            text = f"is {delivery.date}, more than 20 years after the valuation"
            yield FieldViolation(f"deliveries[{index}].date", text)


def _latest(start: date) -> date:
    """The last day that a quote looks at."""
    return start + timedelta(days=min(MOST_DAYS, (date.max - start).days))


def _of_executed(inquiry: GuaranteeInquiry) -> Iterator[FieldViolation]:
    for index, execution in enumerate(inquiry.executed):
        path = f"executed[{index}]"
        if not 0 < execution.tonnes <= MOST_TONNES:
            yield FieldViolation(
                f"{path}.tonnes", f"is {execution.tonnes}; it is 1 to {MOST_TONNES}"
            )
        if execution.amount.currency.code != _CURRENCY:
            text = f"is in {execution.amount.currency.code}; prices are in {_CURRENCY}"
            yield FieldViolation(f"{path}.amount", text)
        most = HIGHEST_PRICE * MOST_TONNES
        yield from _bounded(f"{path}.amount", execution.amount.amount, Decimal(0), most)


def _of_outlook(outlook: Outlook, valuation_date: date) -> Iterator[FieldViolation]:
    yield from _price("spot", outlook.spot)
    yield from _bounded("carry_rate", outlook.carry_rate, -HIGHEST_RATE, HIGHEST_RATE)
    yield from _bounded("volatility", outlook.volatility, Decimal(0), HIGHEST_VOLATILITY)
    days = [point.date for point in outlook.forward_curve]
    yield from _in_order("forward_curve", days)
    for index, forward in enumerate(outlook.forward_curve):
        yield from _price(f"forward_curve[{index}].price", forward.price)
    yield from _of_volatility_term(outlook, valuation_date)


def _of_volatility_term(outlook: Outlook, valuation_date: date) -> Iterator[FieldViolation]:
    """Refuse a term of which the total variance falls: a day in between would move backwards."""
    term = outlook.volatility_term
    days = [point.date for point in term]
    wrong = list(_in_order("volatility_term", days))
    if days and days[0] <= valuation_date:
        text = f"is {days[0]}; it is after the valuation on {valuation_date}"
        wrong.append(FieldViolation("volatility_term[0].date", text))
    for index, point in enumerate(term):
        path = f"volatility_term[{index}].volatility"
        wrong += _bounded(path, point.volatility, Decimal(0), HIGHEST_VOLATILITY)
    yield from wrong
    if wrong:
        return
    totals = [point.volatility**2 * Period(valuation_date, point.date).days for point in term]
    for index, (before, after) in enumerate(pairwise(totals), start=1):
        if after < before:
            text = f"is {term[index].volatility}; total variance falls, which no market can do"
            yield FieldViolation(f"volatility_term[{index}].volatility", text)


def _in_order(field: str, days: Sequence[date]) -> Iterator[FieldViolation]:
    if len(days) > _CURVE_POINTS:
        yield FieldViolation(field, f"has {len(days)} entries; at most {_CURVE_POINTS}")
    for index, (before, after) in enumerate(pairwise(days), start=1):
        if after <= before:
            yield FieldViolation(f"{field}[{index}].date", f"is {after}; it is after {before}")


def _of_figures(inquiry: GuaranteeInquiry) -> Iterator[FieldViolation]:
    yield from _price("promised_price", inquiry.promised_price)
    zero, most = Decimal(0), HIGHEST_PRICE
    yield from _bounded("target_margin_per_tonne", inquiry.target_margin_per_tonne, zero, most)
    yield from _bounded("target_return_on_cvar", inquiry.target_return_on_cvar, zero, most)
    yield from _bounded("discount_rate", inquiry.discount_rate, -HIGHEST_RATE, HIGHEST_RATE)
    if not inquiry.deliveries:
        return
    yield from _of_discounting(inquiry)
    if inquiry.pay_date is None:
        return
    last = max(inquiry.valuation_date, *(each.date for each in inquiry.deliveries))
    if inquiry.pay_date < last:
        text = f"is {inquiry.pay_date}; the promise is known on {last} at the earliest"
        yield FieldViolation("pay_date", text)
    elif inquiry.pay_date > _latest(inquiry.valuation_date):
        text = f"is {inquiry.pay_date}, more than 20 years after the valuation"
        yield FieldViolation("pay_date", text)


def _of_discounting(inquiry: GuaranteeInquiry) -> Iterator[FieldViolation]:
    """Refuse a rate that until the pay date multiplies by more than a thousand, or divides."""
    days = (inquiry.payment_date - inquiry.valuation_date).days
    rate = inquiry.discount_rate
    if rate.is_finite() and abs(rate) <= HIGHEST_RATE and abs(rate) * days > MOST_DISCOUNT_DAYS:
        text = f"is {rate}; until {inquiry.payment_date} that is a factor beyond a thousand"
        yield FieldViolation("discount_rate", text)
