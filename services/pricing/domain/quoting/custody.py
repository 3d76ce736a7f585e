"""Credits in custody, as they really come in and can be sold.

A floor covers credits up to a cap, in the order they are delivered. The market takes so many a
trading day; what comes in above that waits for the next. Selling in a thin market costs a part of
the price. And all credits of a year meet one demand: a part of the allowances due.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise

from services.kernel.errors import FieldViolation, InvalidInput
from services.kernel.finding import Finding, Severity
from services.pricing.domain.guarantee.inquiry import ForwardPoint, Outlook, PlannedDelivery
from services.pricing.domain.offset_cover import OffsetCover
from services.pricing.domain.rounding import to_six_places
from services.pricing.domain.trading_calendar import TradingCalendar

MOST_SALE_DAYS = 2_500
_MOST_TONNES = 10**12


class DemandTooSlow(InvalidInput):
    """The market takes so little a day that the credits would be sold in ten years or later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyTerms:
    """How credits are sold. ``volume_cap_tonnes`` and ``daily_limit_tonnes``: 0 is none.

    ``liquidity_haircut`` is the part, 0 to below 1, of every price that selling costs.
    ``due_tonnes`` are the allowances due of those who may surrender the credits; None: not looked
    at. ``other_promised_tonnes`` are promised to be sold to the same demand already.
    """

    volume_cap_tonnes: int = 0
    daily_limit_tonnes: int = 0
    liquidity_haircut: Decimal = Decimal(0)
    due_tonnes: Decimal | None = None
    other_promised_tonnes: int = 0


@dataclass(frozen=True, slots=True)
class SalePlan:
    """When credits under the promise are sold, and how many are left without one."""

    sales: tuple[PlannedDelivery, ...]
    unpromised_tonnes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyCover:
    """What is promised, what is not, and who can use it; tonnes, and CNY per tonne.

    The demand figures are None where the demand was not looked at; ``demand_cap_use`` also where
    the demand is nothing.
    """

    planned_tonnes: int
    promised_tonnes: int
    unpromised_tonnes: int
    last_sale_date: date | None
    haircut_per_tonne: Decimal
    demand_cap_tonnes: int | None = None
    demand_cap_rate: Decimal | None = None
    demand_cap_source: str = ""
    demand_cap_use: Decimal | None = None


def custody_violations(terms: CustodyTerms, *, executed: int) -> Iterator[FieldViolation]:
    """Find what is wrong with terms of custody."""
    for field, tonnes in (
        ("volume_cap_tonnes", terms.volume_cap_tonnes),
        ("daily_limit_tonnes", terms.daily_limit_tonnes),
        ("other_promised_tonnes", terms.other_promised_tonnes),
    ):
        if not 0 <= tonnes <= _MOST_TONNES:
            yield FieldViolation(f"custody.{field}", f"is {tonnes}; it is 0 to {_MOST_TONNES}")
    if not 0 <= terms.liquidity_haircut < 1:
        text = f"is {terms.liquidity_haircut}; it is a part, 0 to below 1"
        yield FieldViolation("custody.liquidity_haircut", text)
    if terms.due_tonnes is not None and terms.due_tonnes < 0:
        text = f"is {terms.due_tonnes}; allowances due are zero or above"
        yield FieldViolation("custody.due_tonnes", text)
    if 0 < terms.volume_cap_tonnes < executed:
        text = f"is {terms.volume_cap_tonnes}, below the {executed} tonnes executed under it"
        yield FieldViolation("custody.volume_cap_tonnes", text)


def sale_plan(
    *,
    deliveries: Sequence[PlannedDelivery],
    executed: int,
    terms: CustodyTerms,
    calendar: TradingCalendar,
) -> SalePlan:
    """Plan the sales: the first credits up to the cap, no more a trading day than it takes.

    A delivery on a day without trading is sold from the next trading day on.

    Raises:
        DemandTooSlow: the last credit would be sold after more than 2,500 trading days.
    """
    promised: list[PlannedDelivery] = []
    left = terms.volume_cap_tonnes - executed if terms.volume_cap_tonnes else _MOST_TONNES**2
    unpromised = 0
    for delivery in sorted(deliveries, key=lambda each: each.date):
        tonnes = min(delivery.planned_tonnes, left)
        left -= tonnes
        unpromised += delivery.planned_tonnes - tonnes
        if tonnes:
            promised.append(PlannedDelivery(delivery.date, tonnes))
    if not terms.daily_limit_tonnes:
        return SalePlan(tuple(promised), unpromised)
    days = tuple(_sold(promised, terms.daily_limit_tonnes, calendar))
    return SalePlan(days, unpromised)


def after_haircut(outlook: Outlook, haircut: Decimal) -> Outlook:
    """Lower every price by the part that selling costs."""
    if not haircut:
        return outlook
    kept = 1 - haircut
    curve = tuple(ForwardPoint(each.date, each.price * kept) for each in outlook.forward_curve)
    return Outlook(
        spot=None if outlook.spot is None else outlook.spot * kept,
        carry_rate=outlook.carry_rate,
        forward_curve=curve,
        volatility=outlook.volatility,
        volatility_term=outlook.volatility_term,
    )


def cover_of(
    *,
    plan: SalePlan,
    executed: int,
    open_average: Decimal,
    terms: CustodyTerms,
    cover: OffsetCover | None,
) -> CustodyCover:
    """Sum up a plan; ``open_average`` is the part of the expected average that is not executed."""
    promised = executed + sum(sale.planned_tonnes for sale in plan.sales)
    haircut = terms.liquidity_haircut
    cap = None
    if terms.due_tonnes is not None and cover is not None:
        cap = int((cover.rate * terms.due_tonnes).to_integral_value(ROUND_FLOOR))
    use = None
    if cap:
        use = to_six_places(Decimal(promised + terms.other_promised_tonnes) / cap)
    return CustodyCover(
        planned_tonnes=promised + plan.unpromised_tonnes,
        promised_tonnes=promised,
        unpromised_tonnes=plan.unpromised_tonnes,
        last_sale_date=max((sale.date for sale in plan.sales), default=None),
        haircut_per_tonne=to_six_places(open_average * haircut / (1 - haircut)),
        demand_cap_tonnes=cap,
        demand_cap_rate=None if cap is None or cover is None else cover.rate,
        demand_cap_source="" if cap is None or cover is None else cover.source,
        demand_cap_use=use,
    )


def custody_findings(cover: CustodyCover, *, other_promised: int) -> tuple[Finding, ...]:
    """Tell what to know before promising: more than the demand can take, or than the cap covers."""
    found: list[Finding] = []
    cap = cover.demand_cap_tonnes
    if cap is not None and cover.promised_tonnes + other_promised > cap:
        found.append(
            Finding(
                Severity.WARNING,
                "DEMAND_CAP_EXCEEDED",
                "custody",
                f"{cover.promised_tonnes + other_promised} tonnes are promised to be sold, and"
                f" {cap} can be surrendered",
                "lower volume_cap_tonnes, or find other demand",
            )
        )
    if cover.unpromised_tonnes:
        found.append(
            Finding(
                Severity.WARNING,
                "VOLUME_CAPPED",
                "custody",
                f"{cover.unpromised_tonnes} tonnes are above the volume cap and have no floor",
                "they are sold at the market price",
            )
        )
    return tuple(found)


def _sold(
    deliveries: Sequence[PlannedDelivery], limit: int, calendar: TradingCalendar
) -> Iterator[PlannedDelivery]:
    """Sell deliveries in order of date, at most so many tonnes a trading day."""
    waiting, days = 0, 0
    nexts = [*deliveries, PlannedDelivery(date.max, 0)]
    for delivery, following in pairwise(nexts):
        waiting += delivery.planned_tonnes
        day = delivery.date
        while waiting and day < following.date:
            if calendar.is_trading_day(day):
                days += 1
                if days > MOST_SALE_DAYS:
                    raise _too_slow(limit)
                yield PlannedDelivery(day, min(waiting, limit))
                waiting -= min(waiting, limit)
            day += timedelta(days=1)


def _too_slow(limit: int) -> DemandTooSlow:
    text = f"is {limit}; at that pace selling takes more than {MOST_SALE_DAYS} trading days"
    field = "custody.daily_limit_tonnes"
    return DemandTooSlow(f"{field} {text}", violations=(FieldViolation(field, text),))
