"""What a caller takes for granted in a valuation, before the series are looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from services.kernel.errors import FieldsExcludeEachOther, FieldViolation, InvalidInput
from services.kernel.finding import Finding, Severity
from services.kernel.identifiers import ContractName, PriceSeriesName
from services.kernel.instrument import InstrumentKind
from services.pricing.domain.guarantee.average import MOST_VARIANCE
from services.pricing.domain.guarantee.decimals import to_binary, year_fraction
from services.pricing.domain.guarantee.inquiry import ForwardPoint
from services.pricing.domain.guarantee.inquiry_checks import (
    HIGHEST_PRICE,
    HIGHEST_RATE,
    HIGHEST_VOLATILITY,
    MOST_DAYS,
)
from services.pricing.domain.portfolio.market import Market
from services.pricing.domain.portfolio.position import OpenPosition
from services.pricing.domain.portfolio.scenario import DEFAULT_CORRELATION, DEFAULT_WINDOW_DAYS
from services.pricing.domain.portfolio.valuation import DEFAULT_PATHS, FEWEST_PATHS, MOST_PATHS
from services.pricing.domain.trading_calendar import TradingCalendar

MOST_DISCOUNT = 7.0
"""Rate times years: factors between a thousandth and a thousand."""


class InvalidScenario(InvalidInput):
    """A figure of the scenario is out of bounds, or a kind is said twice."""


class ValuationFormsMixed(FieldsExcludeEachOther):
    """Contracts were named and all were asked for, or neither; or a spot beside a curve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedMarket:
    """What is said of the market of a kind; what is None is taken from the series."""

    kind: InstrumentKind
    series: PriceSeriesName | None = None
    spot: Decimal | None = None
    carry_rate: Decimal = Decimal(0)
    forward_curve: tuple[ForwardPoint, ...] = ()
    volatility: Decimal | None = None

    @property
    def needs_series(self) -> bool:
        """Tell whether something is left out that only a series can tell."""
        priced = self.spot is not None or bool(self.forward_curve)
        return not priced or self.volatility is None or self.series is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedScenario:
    """What is taken for granted. ``seed`` zero stands for that of the day."""

    markets: tuple[AskedMarket, ...] = ()
    correlation: Decimal = DEFAULT_CORRELATION
    path_count: int = DEFAULT_PATHS
    seed: int = 0
    discount_rate: Decimal = Decimal(0)
    window_days: int = DEFAULT_WINDOW_DAYS
    due_tonnes: Decimal | None = None

    def market(self, kind: InstrumentKind) -> AskedMarket:
        """What is said of a kind; nothing, if nothing is."""
        for market in self.markets:
            if market.kind is kind:
                return market
        return AskedMarket(kind=kind)


def check_asked(
    *, contracts: tuple[ContractName, ...], every: bool, scenario: AskedScenario
) -> None:
    """Refuse two forms at once, or none; then figures that have no meaning.

    Raises:
        ValuationFormsMixed, InvalidScenario.
    """
    mixed = tuple(_mixed(scenario, contracts=contracts, every=every))
    if mixed:
        raise ValuationFormsMixed(_sentence(mixed), violations=mixed)
    wrong = tuple(_wrong(scenario))
    if wrong:
        raise InvalidScenario(_sentence(wrong), violations=wrong)


def check_reach(
    *,
    markets: Sequence[Market],
    positions: Sequence[OpenPosition],
    as_of: date,
    discount_rate: Decimal = Decimal(0),
) -> None:
    """Refuse what, up to the last window, leaves prices without meaning.

    Raises:
        InvalidScenario: a volatility, a carry or a discount rate takes figures too far.
    """
    last = max((position.window.end for position in positions), default=as_of)
    years = year_fraction((last - as_of).days)
    wrong = [found for market in markets for found in _too_far(market, as_of, last, years)]
    if abs(to_binary(discount_rate)) * years > MOST_DISCOUNT:
        text = f"is {discount_rate}; up to {last} that multiplies figures by more than a thousand"
        wrong.append(FieldViolation("scenario.discount_rate", text))
    if wrong:
        raise InvalidScenario(_sentence(tuple(wrong)), violations=tuple(wrong))


def within_reach(
    positions: Sequence[OpenPosition], *, as_of: date
) -> tuple[list[OpenPosition], list[Finding]]:
    """Leave out contracts that end more than twenty years later: no price reaches so far."""
    last = as_of + timedelta(days=min(MOST_DAYS, (date.max - as_of).days))
    kept = [each for each in positions if each.window.end <= last]
    return kept, [_out_of_reach(each) for each in positions if each.window.end > last]


def beyond_calendar(
    positions: Sequence[OpenPosition], *, calendar: TradingCalendar
) -> list[Finding]:
    """Warn of contracts with days left where nobody knows yet which of them are holidays."""
    start = calendar.known.end
    beyond = [each for each in positions if each.window.end > start and each.remaining_tonnes]
    if not beyond:
        return []
    several = f" and {len(beyond) - 1} more" if len(beyond) > 1 else ""
    return [
        Finding(
            Severity.WARNING,
            "CALENDAR_UNKNOWN",
            "contracts",
            f"the holidays of the exchange are not known from {start} on: what {beyond[0].contract}"
            f"{several} have left is taken to be delivered on every weekday from then",
            "value again once they are announced",
        )
    ]


def _out_of_reach(position: OpenPosition) -> Finding:
    return Finding(
        Severity.SUBJECT_HELD,
        "WINDOW_TOO_FAR",
        position.contract,
        f"its window ends on {position.window.end}, more than 20 years later: it is not valued",
        "conclude it for a shorter window",
    )


def _too_far(market: Market, as_of: date, last: date, years: float) -> Iterator[FieldViolation]:
    variance = to_binary(market.volatility) ** 2 * years
    if variance > MOST_VARIANCE:
        text = (
            f"of {market.volatility} gives a total variance of {variance:.2f} up to"
            f" {last}; at most {MOST_VARIANCE:.0f}"
        )
        yield FieldViolation(f"scenario.markets.{market.kind}.volatility", text)
    forward = float(market.forwards([last], start=as_of)[0])
    if forward > HIGHEST_PRICE:
        text = (
            f"of {market.carry_rate} gives a forward price of {forward:.0f} on {last}; at most"
            f" {HIGHEST_PRICE}"
        )
        yield FieldViolation(f"scenario.markets.{market.kind}.carry_rate", text)


def _mixed(
    scenario: AskedScenario, *, contracts: tuple[ContractName, ...], every: bool
) -> Iterator[FieldViolation]:
    if bool(contracts) == every:
        text = "excludes all; give one" if every else "is empty; name contracts, or ask for all"
        yield FieldViolation("contracts", text)
    for index, market in enumerate(scenario.markets):
        if market.forward_curve and (market.spot is not None or market.carry_rate):
            path = f"scenario.markets[{index}].forward_curve"
            yield FieldViolation(path, "excludes spot and carry_rate; give one form")


def _wrong(scenario: AskedScenario) -> Iterator[FieldViolation]:
    one, none = Decimal(1), Decimal(0)
    yield from _bounded("correlation", scenario.correlation, -one, one)
    yield from _bounded("discount_rate", scenario.discount_rate, -HIGHEST_RATE, HIGHEST_RATE)
    yield from _bounded("due_tonnes", scenario.due_tonnes, none, Decimal(10) ** 12)
    if not FEWEST_PATHS <= scenario.path_count <= MOST_PATHS:
        text = f"is {scenario.path_count}; it is {FEWEST_PATHS} to {MOST_PATHS}, or 0"
        yield FieldViolation("scenario.path_count", text)
    kinds = [market.kind for market in scenario.markets]
    if len(set(kinds)) < len(kinds):
        yield FieldViolation("scenario.markets", "says a kind twice")
    for index, market in enumerate(scenario.markets):
        yield from _wrong_market(market, f"markets[{index}]")


def _wrong_market(market: AskedMarket, path: str) -> Iterator[FieldViolation]:
    least = Decimal("0.000001")
    yield from _bounded(f"{path}.spot", market.spot, least, HIGHEST_PRICE)
    yield from _bounded(f"{path}.carry_rate", market.carry_rate, -HIGHEST_RATE, HIGHEST_RATE)
    yield from _bounded(f"{path}.volatility", market.volatility, Decimal(0), HIGHEST_VOLATILITY)
    for index, point in enumerate(market.forward_curve):
        place = f"{path}.forward_curve[{index}]"
        yield from _bounded(f"{place}.price", point.price, least, HIGHEST_PRICE)
    days = [point.date for point in market.forward_curve]
    for index, (before, after) in enumerate(pairwise(days), start=1):
        if after <= before:
            text = f"is {after}; it is after {before}"
            yield FieldViolation(f"scenario.{path}.forward_curve[{index}].date", text)


def _bounded(
    field: str, value: Decimal | None, low: Decimal, high: Decimal
) -> Iterator[FieldViolation]:
    if value is not None and not low <= value <= high:
        yield FieldViolation(f"scenario.{field}", f"is {value}; it is {low} to {high}")


def _sentence(violations: tuple[FieldViolation, ...]) -> str:
    return "; ".join(f"{wrong.field} {wrong.description}" for wrong in violations)
