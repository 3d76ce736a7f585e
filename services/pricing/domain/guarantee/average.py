"""From a schedule and an outlook to the numbers that a law is made of. ACT/365 Fixed."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from services.kernel.errors import FieldViolation, InvalidInput
from services.pricing.domain.guarantee.arrays import Floats
from services.pricing.domain.guarantee.decimals import to_binary, year_fraction
from services.pricing.domain.guarantee.inquiry import GuaranteeInquiry, Outlook
from services.pricing.domain.guarantee.inquiry_checks import HIGHEST_PRICE

MOST_VARIANCE = 9.0
"""Volatility squared times years: 300 % for a year. Beyond it a mean says nothing of a price."""


_HIGHEST_FORWARD = to_binary(HIGHEST_PRICE)


class MovesTooFar(InvalidInput):
    """The total variance until the last delivery is beyond what any price is made for."""

    def __init__(self, variance: float) -> None:
        """Name the variance."""
        wrong = f"gives a total variance of {variance:.2f}; at most {MOST_VARIANCE:.0f}"
        super().__init__(f"volatility {wrong}", violations=(FieldViolation("volatility", wrong),))


class ForwardsTooHigh(InvalidInput):
    """A forward price is beyond what any price may be."""

    def __init__(self, price: float, field: str) -> None:
        """Name the price, and the field that takes it so far."""
        wrong = f"leads to a forward price of {price:.0f}; at most {HIGHEST_PRICE}"
        super().__init__(f"{field} {wrong}", violations=(FieldViolation(field, wrong),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Averages:
    """Volume-weighted average prices, one a row; CNY per tonne, fixings in time order.

    ``known`` is the part that is executed; ``forwards`` is weight x forward price of each open
    fixing, the weights of both adding up to one; ``variances`` is the total variance until it,
    which never falls along a row. A row is filled up by fixings of no weight and the last variance.
    ``levels`` is the price that the greeks are by: all forwards move with it in proportion.
    ``volatilities`` is the one that vega is by, at the last fixing: all others move with it in
    proportion.
    """

    known: Floats
    forwards: Floats
    variances: Floats
    levels: Floats
    volatilities: Floats

    def take(self, rows: slice) -> "Averages":
        """Pick rows."""
        return Averages(
            known=self.known[rows],
            forwards=self.forwards[rows],
            variances=self.variances[rows],
            levels=self.levels[rows],
            volatilities=self.volatilities[rows],
        )


@dataclass(frozen=True, slots=True)
class Schedule:
    """One average, and the years until each of its open fixings."""

    averages: Averages
    years: Floats

    def shifted(self, *, volatilities: Floats, drifts: Floats) -> Averages:
        """Repeat the average with volatility at the last fixing and forwards moved, row by row.

        ``volatilities`` are added points, held at zero or above; ``drifts`` are growth a year.
        """
        base = self.averages
        own = float(base.volatilities[0])
        moved = np.maximum(own + volatilities, 0.0)
        scale = (moved / own) ** 2 if own > 0.0 else np.zeros_like(moved)
        variances = scale[:, None] * base.variances
        if own == 0.0:
            variances = (moved**2)[:, None] * self.years
        growth = np.exp(drifts[:, None] * self.years)
        rows = len(moved)
        return Averages(
            known=np.repeat(base.known, rows),
            forwards=base.forwards * growth,
            variances=variances,
            levels=np.repeat(base.levels, rows),
            volatilities=moved,
        )


def schedule_of(inquiry: GuaranteeInquiry) -> Schedule:
    """Weigh what is executed and what is planned; a checked inquiry.

    Raises:
        MovesTooFar: volatility and time together leave prices without meaning.
        ForwardsTooHigh: carry and time together do.
    """
    start = inquiry.valuation_date.toordinal()
    fixings = sorted((each.date.toordinal(), each.planned_tonnes) for each in inquiry.deliveries)
    still_open = [(day, tonnes) for day, tonnes in fixings if day >= start]
    executed = sum(each.tonnes for each in inquiry.executed)
    total = executed + sum(tonnes for _, tonnes in still_open)
    paid = sum(each.amount.amount for each in inquiry.executed)
    years = np.array([year_fraction(day - start) for day, _ in still_open])
    weights = np.array([tonnes / total for _, tonnes in still_open])
    prices = _forward_prices(inquiry.outlook, inquiry.valuation_date, years)
    variances = _total_variances(inquiry.outlook, inquiry.valuation_date, years)
    if variances.size and variances[-1] > MOST_VARIANCE:
        raise MovesTooFar(float(variances[-1]))
    highest = float(prices.max(initial=0.0))
    if highest > _HIGHEST_FORWARD:
        raise ForwardsTooHigh(highest, "carry_rate")
    forwards = weights * prices
    averages = Averages(
        known=np.array([to_binary(paid) / total]),
        forwards=forwards[None],
        variances=variances[None],
        levels=np.array([_level(inquiry.outlook, forwards, weights)]),
        volatilities=np.array([_last_volatility(variances, years)]),
    )
    return Schedule(averages, years)


def _forward_prices(outlook: Outlook, start: date, years: Floats) -> Floats:
    if outlook.spot is not None:
        return to_binary(outlook.spot) * np.exp(to_binary(outlook.carry_rate) * years)
    days = [year_fraction((point.date - start).days) for point in outlook.forward_curve]
    logarithms = np.log([to_binary(point.price) for point in outlook.forward_curve])
    return np.exp(np.interp(years, days, logarithms))


def _total_variances(outlook: Outlook, start: date, years: Floats) -> Floats:
    if outlook.volatility is not None:
        return to_binary(outlook.volatility) ** 2 * years
    term = [
        (year_fraction((point.date - start).days), to_binary(point.volatility))
        for point in outlook.volatility_term
    ]
    days = [0.0, *(day for day, _ in term)]
    totals = [0.0, *(volatility**2 * day for day, volatility in term)]
    last_day, last = term[-1]
    beyond = last**2 * np.maximum(years - last_day, 0.0)
    return np.interp(years, days, totals) + beyond


def _level(outlook: Outlook, forwards: Floats, weights: Floats) -> float:
    """The spot, or without one the mean forward price of what is open."""
    if outlook.spot is not None:
        return to_binary(outlook.spot)
    return float(forwards.sum() / weights.sum()) if weights.size else 1.0


def _last_volatility(variances: Floats, years: Floats) -> float:
    if not years.size or years[-1] == 0.0:
        return 0.0
    return float(np.sqrt(variances[-1] / years[-1]))
