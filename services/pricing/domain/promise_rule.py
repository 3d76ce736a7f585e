"""The price that would have been promised before a window began, by a rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from services.kernel.errors import FieldsExcludeEachOther, FieldViolation, InvalidInput
from services.kernel.explanation import ExplanationStep
from services.kernel.identifiers import PriceSeriesName
from services.pricing.domain.average_price import PriceMissing
from services.pricing.domain.guarantee.inquiry import (
    GuaranteeInquiry,
    Outlook,
    PlannedDelivery,
)
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.guarantee.quote import quote_guarantee
from services.pricing.domain.price_point import DayFigures
from services.pricing.domain.rounding import to_six_places

DAYS_OF_A_YEAR = 365
OLDEST_SPOT = timedelta(days=92)
"""A promise is never made on a close of more than a quarter ago."""
MOST_CARRY, MOST_VOLATILITY = Decimal(1), Decimal(3)
HIGHEST_PRICE = Decimal(1_000_000)


class InvalidRule(InvalidInput):
    """The rule lacks what it needs, or a figure of it is out of bounds."""


class PromiseRuleKind(StrEnum):
    """Spot, mean of the last closes, forward, the pricer's break-even, or a given price."""

    SPOT = "SPOT"
    MEAN_OF_LAST_DAYS = "MEAN_OF_LAST_DAYS"
    FORWARD = "FORWARD"
    BREAK_EVEN = "BREAK_EVEN"
    FIXED = "FIXED"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRule:
    """How a price is promised. What the kind does not use is None, or no days."""

    kind: PromiseRuleKind
    days: int = 0
    promised_price: Decimal | None = None
    carry_rate: Decimal | None = None
    volatility: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Fixing:
    """A day whose price counts, and its weight in whole tonnes; only proportions matter."""

    day: date
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promised price, six decimals; the last day it rests on; how it came about."""

    price: Decimal
    day: date | None
    step: ExplanationStep
    volatility: Decimal | None = None


def check_rule(rule: PromiseRule) -> None:
    """Refuse a rule that cannot promise, naming every wrong field.

    Raises:
        InvalidRule: a figure lacks or is out of bounds.
        FieldsExcludeEachOther: a figure is given that the kind does not use.
    """
    violations = tuple(_violations(rule))
    if violations:
        first = violations[0]
        raise InvalidRule(f"{first.field} {first.description}", violations=violations)
    idle = tuple(_idle(rule))
    if idle:
        first = idle[0]
        raise FieldsExcludeEachOther(f"{first.field} {first.description}", violations=idle)


def spot_before(day: date, *, series: PriceSeriesName, before: Sequence[DayFigures]) -> DayFigures:
    """Find the last traded close before a window; ``before`` is in order.

    Raises:
        PriceMissing: there is none in the quarter before.
    """
    traded = [each for each in before if not each.stale and day - OLDEST_SPOT <= each.date < day]
    if not traded:
        raise PriceMissing(
            f"{series} has no traded close in the {OLDEST_SPOT.days} days before {day};"
            " import them, or promise a FIXED price",
            subject=series,
            metadata={"date": day.isoformat()},
        )
    return traded[-1]


def promise_by_spot(spot: DayFigures) -> Promise:
    """Promise the last close."""
    step = ExplanationStep("promised price", f"close of {spot.date} = {spot.close:f}")
    return Promise(price=spot.close, day=spot.date, step=step)


def promise_by_mean(
    spot: DayFigures, *, series: PriceSeriesName, before: Sequence[DayFigures], count: int
) -> Promise:
    """Promise the mean of the last closes, that of the spot included.

    Raises:
        PriceMissing: there are fewer.
    """
    last = [each for each in before if not each.stale and each.date <= spot.date][-count:]
    if len(last) < count:
        raise PriceMissing(
            f"{series} has {len(last)} traded closes until {spot.date}; the rule asks for {count}",
            subject=series,
            metadata={"days": str(len(last))},
        )
    price = to_six_places(sum((each.close for each in last), Decimal(0)) / count)
    formula = f"mean of {count} closes, {last[0].date} to {last[-1].date} = {price:f}"
    return Promise(price=price, day=spot.date, step=ExplanationStep("promised price", formula))


def promise_by_forward(
    spot: DayFigures, *, carry_rate: Decimal, fixings: Sequence[Fixing]
) -> Promise:
    """Promise the expected average: ``sum of w S exp(carry x days / 365) / sum of w``."""
    whole = sum(each.weight for each in fixings)
    grown = Decimal(0)
    for each in fixings:
        growth = (carry_rate * (each.day - spot.date).days / DAYS_OF_A_YEAR).exp()
        grown += each.weight * spot.close * growth
    price = to_six_places(grown / whole)
    formula = (
        f"{spot.close:f} of {spot.date}, carried at {carry_rate:f} a year to"
        f" {len(fixings)} days of delivery = {price:f}"
    )
    return Promise(price=price, day=spot.date, step=ExplanationStep("promised price", formula))


def promise_by_pricer(
    spot: DayFigures,
    *,
    carry_rate: Decimal,
    volatility: Decimal,
    fixings: Sequence[Fixing],
    terms: PromiseTerms,
) -> Promise:
    """Promise what breaks even by the pricer of guarantees, at the spot, carried forward.

    Raises:
        NoBreakEven: too much of every gain is shared.
    """
    inquiry = GuaranteeInquiry(
        terms=terms,
        deliveries=tuple(PlannedDelivery(each.day, each.weight) for each in fixings),
        outlook=Outlook(spot=spot.close, carry_rate=carry_rate, volatility=volatility),
        valuation_date=spot.date,
    )
    quote = quote_guarantee(inquiry=inquiry)
    price = quote.break_even_price
    formula = (
        f"break-even by {quote.model} {quote.model_version} from {spot.close:f} of {spot.date},"
        f" carried at {carry_rate:f}, volatility {volatility:f} = {price:f}"
    )
    step = ExplanationStep("promised price", formula)
    return Promise(price=price, day=spot.date, step=step, volatility=volatility)


def promise_fixed(price: Decimal) -> Promise:
    """Promise a given price."""
    return Promise(
        price=price, day=None, step=ExplanationStep("promised price", f"given {price:f}")
    )


def _violations(rule: PromiseRule) -> Iterator[FieldViolation]:
    kind, price, days = rule.kind, rule.promised_price, rule.days
    if kind is PromiseRuleKind.MEAN_OF_LAST_DAYS and days < 1:
        yield FieldViolation("promise_rule.days", f"is {days}; {kind} takes the mean of 1 or more")
    if kind is PromiseRuleKind.FIXED and price is None:
        yield FieldViolation("promise_rule.promised_price", f"is unset; {kind} promises it")
    if price is not None and not 0 < price <= HIGHEST_PRICE:
        wrong = f"is {price}; it must be above 0 and at most {HIGHEST_PRICE}"
        yield FieldViolation("promise_rule.promised_price", wrong)
    if rule.carry_rate is not None and abs(rule.carry_rate) > MOST_CARRY:
        yield FieldViolation("promise_rule.carry_rate", f"is {rule.carry_rate}; it is -1 to 1")
    if rule.volatility is not None and not 0 < rule.volatility <= MOST_VOLATILITY:
        wrong = f"is {rule.volatility}; it is above 0 and at most {MOST_VOLATILITY}, as 0.30"
        yield FieldViolation("promise_rule.volatility", wrong)


def _idle(rule: PromiseRule) -> Iterator[FieldViolation]:
    forward = {PromiseRuleKind.FORWARD, PromiseRuleKind.BREAK_EVEN}
    given = (
        ("days", rule.days != 0, {PromiseRuleKind.MEAN_OF_LAST_DAYS}),
        ("promised_price", rule.promised_price is not None, {PromiseRuleKind.FIXED}),
        ("carry_rate", rule.carry_rate is not None, forward),
        ("volatility", rule.volatility is not None, {PromiseRuleKind.BREAK_EVEN}),
    )
    for field, is_given, kinds in given:
        if is_given and rule.kind not in kinds:
            yield FieldViolation(
                f"promise_rule.{field}", f"is not used by {rule.kind}; leave it out"
            )
