"""The price of an internal transfer: by rule, within the market's bounds, never silently stale.

The ladder: the listed VWAP of the day, the close of the day, the mean of the last closes. Each rung
answers only with days on which something was traded, and the answer names its rung and its days.
"""

from collections.abc import Iterator, Mapping
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
    """A price in CNY per tonne, and where it comes from: the rung, and its days in order.

    ``lowest_price`` and ``highest_price`` are the bounds of the day around ``previous_close``; None
    where no close of the last 60 days is known. ``bounded``: the rung lay outside and was moved.
    """

    price: Decimal
    rung: TransferRung
    days: tuple[date, ...]
    quality: PriceQuality
    previous_close: Decimal | None
    previous_day: date | None
    lowest_price: Decimal | None
    highest_price: Decimal | None
    bounded: bool
    explanation: Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketOfTransfers:
    """What a transfer price is found in: one series around a day, its market and its calendar."""

    series: PriceSeriesName
    kind: InstrumentKind
    figures: Mapping[date, DayFigures]
    rules: MarketRules
    calendar: TradingCalendar


@dataclass(frozen=True, slots=True)
class _Rung:
    """What a rung came to, before bounds."""

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
    found = next(_rungs(day, market.figures, terms), None)
    if found is None:
        raise _missing(day, market, terms)
    quality = lowest([figures.quality for figures in found.days])
    if quality is not PriceQuality.FINAL and not terms.accept_not_final:
        raise _not_final(day, market, found, quality)
    previous = _previous(day, market.figures)
    low, high = _bounds(day, previous, rule, market.calendar)
    rounded = to_tick(found.price, rule.tick)
    price = rounded if low is None or high is None else min(max(rounded, low), high)
    return TransferPrice(
        price=price,
        rung=found.rung,
        days=tuple(figures.date for figures in found.days),
        quality=quality,
        previous_close=None if previous is None else previous.close,
        previous_day=None if previous is None else previous.date,
        lowest_price=low,
        highest_price=high,
        bounded=price != rounded,
        explanation=Explanation(tuple(_steps(found, rounded, price, previous, low, high, rule))),
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


def _rungs(day: date, figures: Mapping[date, DayFigures], terms: TransferTerms) -> Iterator[_Rung]:
    """Go down the ladder, from the rung asked for; rungs without an answer are passed over."""
    today = figures.get(day)
    traded = today if today is not None and not today.stale else None
    if (
        terms.method is TransferMethod.DAY_VWAP
        and traded
        and traded.volume_tonnes
        and traded.amount
    ):
        amount, tonnes = traded.amount.amount, traded.volume_tonnes
        formula = f"{amount:,f} ÷ {tonnes:,} t listed on {day}"
        yield _Rung(TransferRung.DAY_VWAP, amount / tonnes, (traded,), formula)
    if traded:
        yield _Rung(TransferRung.DAY_CLOSE, traded.close, (traded,), f"close of {day}")
    last = _last_traded(day, figures, terms.fallback_days)
    if last and len(last) == terms.fallback_days:
        terms_of_sum = " + ".join(f"{each.close:f}" for each in last)
        mean = sum((each.close for each in last), Decimal(0)) / len(last)
        formula = f"({terms_of_sum}) ÷ {len(last)}, closes of {last[0].date} to {last[-1].date}"
        yield _Rung(TransferRung.MEAN_OF_LAST_CLOSES, mean, last, formula)


def _last_traded(
    day: date, figures: Mapping[date, DayFigures], count: int
) -> tuple[DayFigures, ...]:
    before = sorted(each for each in figures if day - OLDEST <= each < day)
    traded = [figures[each] for each in before if not figures[each].stale]
    return tuple(traded[-count:]) if count else ()


def _previous(day: date, figures: Mapping[date, DayFigures]) -> DayFigures | None:
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
        f"rung {found.rung}", f"{found.formula} = {found.price:.6f}, to the tick {rounded:f}"
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
    return PriceMissing(
        f"{market.series} has no traded price of {day}{fallback}; import the prices of the day",
        subject=market.series,
        metadata={"date": day.isoformat()},
    )


def _not_final(
    day: date, market: MarketOfTransfers, found: _Rung, quality: PriceQuality
) -> PriceNotFinal:
    doubtful = next(each for each in found.days if each.quality is quality)
    return PriceNotFinal(
        f"the transfer price of {day} rests on {market.series} of {doubtful.date}, which is"
        f" {quality}; import the final price, or accept one that is not final",
        subject=market.series,
        metadata={"date": doubtful.date.isoformat(), "quality": quality.value},
    )
