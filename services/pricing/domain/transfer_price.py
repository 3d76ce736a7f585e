"""The price of an internal transfer: by rule, within the market's bounds, never silently stale.

The ladder: the listed VWAP of the day, the close of the day, the mean of the last closes. Each rung
answers only with days on which something was traded. Where several series can price an instrument,
the day itself is asked of each in their order before any older close stands in for it. The answer
names its series, its rung and its days.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from services.kernel.errors import FieldViolation, InvalidInput, Refused
from services.kernel.explanation import Explanation, ExplanationStep
from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import InstrumentKind
from services.kernel.period import Period
from services.pricing.domain.average_price import PriceMissing
from services.pricing.domain.market_rules import MarketRule, MarketRules
from services.pricing.domain.price_point import DayFigures, PriceQuality, lowest
from services.pricing.domain.rounding import to_tick
from services.pricing.domain.trading_calendar import TradingCalendar

DEFAULT_FALLBACK_DAYS = 5
MOST_FALLBACK_DAYS = 20
OLDEST = timedelta(days=60)
"""No close further back stands for a day, nor bounds it."""
_MOST_NAMED = 5


class PriceNotFinal(Refused):
    """A price that may still change is not one to settle at, unless the caller takes it so."""

    reason = "PRICE_NOT_FINAL"


class NotATradingDay(InvalidInput):
    """The exchange is closed on that day, or its market was not open yet."""


class TransferMethod(StrEnum):
    """The rung to begin with: the listed VWAP of the day, or its close."""

    DAY_VWAP = "DAY_VWAP"
    DAY_CLOSE = "DAY_CLOSE"


class TransferRung(StrEnum):
    """The rung that answered."""

    DAY_VWAP = "DAY_VWAP"
    DAY_CLOSE = "DAY_CLOSE"
    MEAN_OF_LAST_CLOSES = "MEAN_OF_LAST_CLOSES"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferTerms:
    """How the ladder is climbed. ``fallback_days`` closes make the last rung; 0 leaves it out."""

    method: TransferMethod = TransferMethod.DAY_CLOSE
    fallback_days: int = DEFAULT_FALLBACK_DAYS
    accept_not_final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferPrice:
    """A price in CNY per tonne, and where it comes from: series, rung, and its days in order.

    ``lowest_price`` and ``highest_price`` are the bounds of the day around ``previous_close``; None
    where no close of the last 60 days is known. ``bounded``: the rung lay outside and was moved.
    """

    price: Decimal
    series: PriceSeriesName
    rung: TransferRung
    days: tuple[date, ...]
    quality: PriceQuality
    previous_close: Decimal | None
    previous_day: date | None
    lowest_price: Decimal | None
    highest_price: Decimal | None
    bounded: bool
    explanation: Explanation


Figures = Mapping[date, DayFigures]
"""The days of one series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketOfTransfers:
    """What a transfer price is found in: series around a day, their market and its calendar.

    ``series`` is in the order in which they are asked, the nearest to the instrument first.
    """

    kind: InstrumentKind
    series: Mapping[PriceSeriesName, Figures]
    rules: MarketRules
    calendar: TradingCalendar


@dataclass(frozen=True, slots=True)
class _Rung:
    """What a rung came to in a series, before bounds."""

    series: PriceSeriesName
    rung: TransferRung
    price: Decimal
    days: tuple[DayFigures, ...]
    formula: str


def transfer_price(*, day: date, market: MarketOfTransfers, terms: TransferTerms) -> TransferPrice:
    """Find the transfer price of a day.

    Raises:
        NotATradingDay: the exchange is closed that day.
        PriceMissing: no rung of the ladder has an answer.
        PriceNotFinal: the answer rests on a price that may still change, and none such is taken.
    """
    rule = _rule(day, market)
    found = next(_rungs(day, market, terms), None)
    if found is None:
        raise _missing(day, market, terms)
    quality = lowest([figures.quality for figures in found.days])
    if quality is not PriceQuality.FINAL and not terms.accept_not_final:
        raise _not_final(day, found, quality)
    previous = _previous(day, market.series[found.series])
    low, high = _bounds(day, previous, rule, market.calendar)
    rounded = to_tick(found.price, rule.tick)
    price = rounded if low is None or high is None else min(max(rounded, low), high)
    steps = (
        *_passed_over(found, market),
        *_steps(found, rounded, price, previous, low, high, rule),
    )
    return TransferPrice(
        price=price,
        series=found.series,
        rung=found.rung,
        days=tuple(figures.date for figures in found.days),
        quality=quality,
        previous_close=None if previous is None else previous.close,
        previous_day=None if previous is None else previous.date,
        lowest_price=low,
        highest_price=high,
        bounded=price != rounded,
        explanation=Explanation(steps),
    )


def _rule(day: date, market: MarketOfTransfers) -> MarketRule:
    rule = market.rules.on(market.kind, day)
    if rule is None:
        wrong = f"the market of {market.kind} was not open yet on {day}"
    elif not market.calendar.is_trading_day(day):
        wrong = f"the exchange is closed on {day}, a {day:%A}"
    else:
        return rule
    raise NotATradingDay(wrong, violations=(FieldViolation("trade_date", wrong),))


def _rungs(day: date, market: MarketOfTransfers, terms: TransferTerms) -> Iterator[_Rung]:
    """Go down the ladder from the rung asked for: the day in every series, then older closes."""
    for series, figures in market.series.items():
        yield from _of_the_day(series, figures.get(day), terms)
    for series, figures in market.series.items():
        yield from _of_days_before(series, _last_traded(day, figures, terms.fallback_days), terms)


def _of_the_day(
    series: PriceSeriesName, today: DayFigures | None, terms: TransferTerms
) -> Iterator[_Rung]:
    """Answer with the day itself, if something was traded on it."""
    if today is None or today.stale:
        return
    if terms.method is TransferMethod.DAY_VWAP and today.volume_tonnes and today.amount:
        amount, tonnes = today.amount.amount, today.volume_tonnes
        formula = f"{amount:,f} ÷ {tonnes:,} t listed on {today.date}"
        yield _Rung(series, TransferRung.DAY_VWAP, amount / tonnes, (today,), formula)
    formula = f"close of {today.date}"
    yield _Rung(series, TransferRung.DAY_CLOSE, today.close, (today,), formula)


def _of_days_before(
    series: PriceSeriesName, last: tuple[DayFigures, ...], terms: TransferTerms
) -> Iterator[_Rung]:
    """Answer with the mean of the last closes, if there are as many as asked for."""
    if last and len(last) == terms.fallback_days:
        terms_of_sum = " + ".join(f"{each.close:f}" for each in last)
        mean = sum((each.close for each in last), Decimal(0)) / len(last)
        formula = f"({terms_of_sum}) ÷ {len(last)}, closes of {last[0].date} to {last[-1].date}"
        yield _Rung(series, TransferRung.MEAN_OF_LAST_CLOSES, mean, last, formula)


def _last_traded(day: date, figures: Figures, count: int) -> tuple[DayFigures, ...]:
    before = sorted(each for each in figures if day - OLDEST <= each < day)
    traded = [figures[each] for each in before if not figures[each].stale]
    return tuple(traded[-count:]) if count else ()


def _previous(day: date, figures: Figures) -> DayFigures | None:
    before = [each for each in figures if day - OLDEST <= each < day]
    return figures[max(before)] if before else None


def _bounds(
    day: date, previous: DayFigures | None, rule: MarketRule, calendar: TradingCalendar
) -> tuple[Decimal | None, Decimal | None]:
    """The market's bounds around the close before; where days lack, once for each of them."""
    if previous is None:
        return None, None
    next_day = timedelta(days=1)
    gap = len(calendar.trading_days(Period(previous.date + next_day, day + next_day)))
    return rule.price_band(previous.close, trading_days=gap)


def _passed_over(found: _Rung, market: MarketOfTransfers) -> Iterator[ExplanationStep]:
    """Name the series that come before the one that answered, and had nothing on its rung."""
    names = list(market.series)
    before = names[: names.index(found.series)]
    if before:
        yield ExplanationStep("passed over", f"nothing on this rung in {_some(before)}")


def _steps(
    found: _Rung,
    rounded: Decimal,
    price: Decimal,
    previous: DayFigures | None,
    low: Decimal | None,
    high: Decimal | None,
    rule: MarketRule,
) -> Iterator[ExplanationStep]:
    yield ExplanationStep(
        f"rung {found.rung}",
        f"{found.series}: {found.formula} = {found.price:.6f}, to the tick {rounded:f}",
    )
    if previous is None:
        yield ExplanationStep("bounds", "no close of the last 60 days is known: none")
        return
    formula = (
        f"{previous.close:f} of {previous.date} ± {rule.limit:%} a trading day: {low:f} to {high:f}"
    )
    yield ExplanationStep("bounds", formula, {"source": rule.source})
    if price != rounded:
        yield ExplanationStep("moved to the bound", f"{rounded:f} → {price:f}")


def _missing(day: date, market: MarketOfTransfers, terms: TransferTerms) -> PriceMissing:
    last = terms.fallback_days
    fallback = (
        f", and not {last} traded closes within the {OLDEST.days} days before" if last else ""
    )
    names = list(market.series)
    has = "has" if len(names) == 1 else "have"
    return PriceMissing(
        f"{_some(names)} {has} no traded price of {day}{fallback}; import the prices of the day",
        subject=names[0],
        metadata={"date": day.isoformat()},
    )


def _some(names: Sequence[PriceSeriesName]) -> str:
    """Name series as far as a sentence bears it."""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _not_final(day: date, found: _Rung, quality: PriceQuality) -> PriceNotFinal:
    doubtful = next(each for each in found.days if each.quality is quality)
    return PriceNotFinal(
        f"the transfer price of {day} rests on {found.series} of {doubtful.date}, which is"
        f" {quality}; import the final price, or accept one that is not final",
        subject=found.series,
        metadata={"date": doubtful.date.isoformat(), "quality": quality.value},
    )
