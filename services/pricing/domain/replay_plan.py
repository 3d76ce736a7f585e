"""What is replayed: windows, terms, and what the desk would have traded in a window."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from services.kernel.errors import FieldsExcludeEachOther, FieldViolation, InvalidInput
from services.kernel.gain_share import check_gain_share_tiers
from services.kernel.identifiers import PriceSeriesName
from services.kernel.loss_cap import loss_cap_violations
from services.kernel.money import Money, round_money, sum_money
from services.kernel.period import Month, Period
from services.pricing.domain.average_price import AverageKind, PriceMissing, last_closes
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.price_point import DayFigures
from services.pricing.domain.promise_rule import HIGHEST_PRICE, Fixing


class InvalidWindow(InvalidInput):
    """A window names no tonnes, or a delivery outside of it; or terms are out of bounds."""


class Execution(StrEnum):
    """When the desk would have traded: evenly, all in the last month, or on the last days."""

    EVEN = "EVEN"
    LAST_MONTH = "LAST_MONTH"
    LAST_DAYS = "LAST_DAYS"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Tonnes traded on a day; ``unit_price`` None is the close of the day."""

    day: date
    tonnes: int
    unit_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReplayWindow:
    """Days of delivery; tonnes to be traded by the plan, or what was traded day by day."""

    period: Period
    total_tonnes: int
    deliveries: tuple[Delivery, ...] = ()

    @property
    def tonnes(self) -> int:
        """All tonnes of the window, Q."""
        return sum(each.tonnes for each in self.deliveries) or self.total_tonnes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayTerms:
    """What is promised beside the price, and how the desk trades. The days are of LAST_DAYS."""

    promise: PromiseTerms
    execution: Execution = Execution.EVEN
    execution_days: int = 0
    benchmark: AverageKind = AverageKind.TWAP


@dataclass(frozen=True, slots=True)
class Traded:
    """What the desk would have traded: its days by weight, and the money, CNY."""

    fixings: tuple[Fixing, ...]
    amount: Money
    how: str


def check_terms(terms: ReplayTerms) -> None:
    """Refuse terms that nothing can be settled by, naming every wrong field.

    Raises:
        InvalidWindow, TiersDoNotTile.
    """
    violations = tuple(_wrong_terms(terms))
    if violations:
        first = violations[0]
        raise InvalidWindow(f"{first.field} {first.description}", violations=violations)
    check_gain_share_tiers(terms.promise.gain_share_tiers)


def check_window(window: ReplayWindow, *, path: str) -> None:
    """Refuse a window that names no tonnes, both forms, or a delivery outside of its days.

    Raises:
        InvalidWindow, FieldsExcludeEachOther.
    """
    if window.total_tonnes and window.deliveries:
        wrong = FieldViolation(path, "has total_tonnes and deliveries; give one of them")
        raise FieldsExcludeEachOther(f"{path} {wrong.description}", violations=(wrong,))
    violations = tuple(_violations(window, path))
    if violations:
        first = violations[0]
        raise InvalidWindow(f"{first.field} {first.description}", violations=violations)


def traded(
    window: ReplayWindow,
    *,
    terms: ReplayTerms,
    days: Sequence[DayFigures],
    series: PriceSeriesName,
) -> Traded:
    """Find what the desk would have traded on the days of a window, in order.

    Raises:
        PriceMissing: a day it trades on has no traded close, or fewer are there than asked for.
    """
    if window.deliveries:
        return _delivered(window, {day.date: day for day in days}, series)
    chosen = _chosen(window, terms, [day for day in days if not day.stale], series)
    if not chosen:
        raise PriceMissing(
            f"{series} has no traded close for {terms.execution} in {window.period.start} to"
            f" {window.period.end}; import prices, or replay another window",
            subject=series,
        )
    mean = sum((day.close for day in chosen), Decimal(0)) / len(chosen)
    fixings = tuple(Fixing(day.date, 1) for day in chosen)
    how = f"mean of {len(chosen)} closes, {chosen[0].date} to {chosen[-1].date}"
    return Traded(fixings, round_money(mean * window.tonnes), how)


def _wrong_terms(terms: ReplayTerms) -> Iterator[FieldViolation]:
    for index, tier in enumerate(terms.promise.gain_share_tiers):
        if not 0 <= tier.customer_share <= 1:
            path = f"gain_share_tiers[{index}].customer_share"
            yield FieldViolation(path, f"is {tier.customer_share}; it must be 0 to 1")
    yield from loss_cap_violations(terms.promise.loss_cap_per_tonne)
    if terms.execution is Execution.LAST_DAYS and terms.execution_days < 1:
        wrong = f"is {terms.execution_days}; {terms.execution} needs 1 or more"
        yield FieldViolation("execution_days", wrong)
    if terms.execution is not Execution.LAST_DAYS and terms.execution_days:
        yield FieldViolation("execution_days", f"is not used by {terms.execution}; leave it out")


def _violations(window: ReplayWindow, path: str) -> Iterator[FieldViolation]:
    if window.tonnes == 0:
        yield FieldViolation(f"{path}.total_tonnes", "is 0; give tonnes, or deliveries")
    for index, each in enumerate(window.deliveries):
        if each.day not in window.period:
            wrong = f"{each.day} lies outside {window.period.start} to {window.period.end}"
            yield FieldViolation(f"{path}.deliveries[{index}].date", wrong)
        if each.unit_price is not None and not 0 < each.unit_price <= HIGHEST_PRICE:
            wrong = f"is {each.unit_price}; it must be above 0 and at most {HIGHEST_PRICE}"
            yield FieldViolation(f"{path}.deliveries[{index}].unit_price", wrong)


def _chosen(
    window: ReplayWindow, terms: ReplayTerms, days: Sequence[DayFigures], series: PriceSeriesName
) -> Sequence[DayFigures]:
    if terms.execution is Execution.LAST_DAYS:
        count = terms.execution_days
        return last_closes(days, count=count, field="execution_days", series=series)
    if terms.execution is Execution.LAST_MONTH:
        last = Month.of(window.period.end - timedelta(days=1))
        return [day for day in days if Month.of(day.date) == last]
    return days


def _delivered(
    window: ReplayWindow, days: Mapping[date, DayFigures], series: PriceSeriesName
) -> Traded:
    amounts: list[Money] = []
    for each in window.deliveries:
        figures = days.get(each.day)
        price = each.unit_price
        if price is None and (figures is None or figures.stale):
            raise PriceMissing(
                f"{series} has no traded close of {each.day}; give the unit_price of the delivery",
                subject=series,
                metadata={"date": each.day.isoformat()},
            )
        if price is None and figures is not None:
            price = figures.close
        amounts.append(round_money(each.tonnes * (price or Decimal(0))))
    fixings = tuple(Fixing(each.day, each.tonnes) for each in window.deliveries)
    return Traded(fixings, sum_money(amounts), f"{len(amounts)} deliveries")
