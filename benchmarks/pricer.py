"""(c) The pricer of promises against QuantLib's Turnbull-Wakeman engine, on the same contracts.

All calls are on averages of 60 equal weekly fixings and differ by spot, strike and volatility,
which is all that the engine takes. Each side is timed from plain figures to prices, in turn. Ours
finds the greeks too. A second measure gives 100,000 promises, half of every gain shared, their
break-even prices and their values with greeks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np
import QuantLib as ql  # noqa: N813 - as its own documentation says it

from services.pricing.domain.guarantee.arrays import Floats
from services.pricing.domain.guarantee.average import Averages
from services.pricing.domain.guarantee.batch import break_even_many, price_many, value_many
from services.pricing.domain.guarantee.promise import Promises

FIXINGS = 60
CONTRACTS = 100_000
_QUOTED_BY_QUANTLIB = 1_000
_ROUNDS = 3
_CARRY = 0.02
_YEARS = np.arange(1, FIXINGS + 1) * 7 / 365.0
_TODAY = ql.Date(6, 1, 2025)
_COUNT = ql.Actual365Fixed()


@dataclass(frozen=True, slots=True)
class PricerFigures:
    """Contracts a second, the median of the rounds; and seconds for all with greeks.

    ``reused`` has its dates and market objects built once, ``rebuilt`` for each contract.
    ``largest_difference`` is that of the two pricers, CNY per tonne.
    """

    ours: float
    reused: float
    rebuilt: float
    greeks_seconds: float
    largest_difference: float


@dataclass(frozen=True, slots=True)
class Contracts:
    """Plain figures of calls on averages, one a row."""

    spots: Floats
    strikes: Floats
    volatilities: Floats

    def take(self, count: int) -> "Contracts":
        """The first few."""
        return Contracts(self.spots[:count], self.strikes[:count], self.volatilities[:count])


def measure() -> PricerFigures:
    """Price the same contracts by both in turn, round by round."""
    contracts = _contracts()
    few = contracts.take(_QUOTED_BY_QUANTLIB)
    rates: dict[str, list[float]] = {"ours": [], "reused": [], "rebuilt": [], "greeks": []}
    for _ in range(_ROUNDS):
        rates["ours"].append(CONTRACTS / _seconds(lambda: _ours(contracts)))
        rates["reused"].append(_QUOTED_BY_QUANTLIB / _seconds(lambda: _reused(few)))
        rates["rebuilt"].append(_QUOTED_BY_QUANTLIB / _seconds(lambda: _rebuilt(few)))
        rates["greeks"].append(_seconds(lambda: _with_greeks(contracts)))
    difference = np.abs(_ours(few) - np.array(_reused(few)))
    return PricerFigures(
        median(rates["ours"]),
        median(rates["reused"]),
        median(rates["rebuilt"]),
        median(rates["greeks"]),
        float(difference.max()),
    )


def _contracts() -> Contracts:
    random = np.random.default_rng(20250106)
    spots = random.uniform(40.0, 120.0, CONTRACTS)
    strikes = spots * random.uniform(0.8, 1.25, CONTRACTS)
    return Contracts(spots, strikes, random.uniform(0.15, 0.44, CONTRACTS))


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _averages(contracts: Contracts) -> Averages:
    growth = np.exp(_CARRY * _YEARS) / FIXINGS
    return Averages(
        known=np.zeros(len(contracts.spots)),
        forwards=contracts.spots[:, None] * growth,
        variances=contracts.volatilities[:, None] ** 2 * _YEARS,
        levels=contracts.spots,
        volatilities=contracts.volatilities,
    )


def _ours(contracts: Contracts) -> Floats:
    return price_many(averages=_averages(contracts), strikes=contracts.strikes).call


def _with_greeks(contracts: Contracts) -> Floats:
    averages, count = _averages(contracts), len(contracts.spots)
    column = np.ones((count, 1))
    promises = Promises(
        side=np.ones(count),
        slope=np.full(count, 0.5),
        constant=np.zeros(count),
        offsets=0.0 * column,
        quantities=-0.5 * column,
        ceiling=np.full(count, np.inf),
        least_share=np.full(count, 0.5),
    )
    prices = break_even_many(averages=averages, promises=promises)
    return value_many(averages=averages, promises=promises, prices=prices).value


def _reused(contracts: Contracts) -> list[float]:
    """Price with one set of dates and one market whose quotes are moved."""
    ql.Settings.instance().evaluationDate = _TODAY
    spot, volatility = ql.SimpleQuote(80.0), ql.SimpleQuote(0.3)
    engine = ql.TurnbullWakemanAsianEngine(_market(spot, volatility))
    dates, prices = _dates(), []
    for each in _rows(contracts):
        spot.setValue(each[0])
        volatility.setValue(each[2])
        prices.append(_price(engine, dates, each[1]))
    return prices


def _rebuilt(contracts: Contracts) -> list[float]:
    """Price with dates and a market of each contract's own."""
    ql.Settings.instance().evaluationDate = _TODAY
    prices = []
    for spot, strike, volatility in _rows(contracts):
        market = _market(ql.SimpleQuote(spot), ql.SimpleQuote(volatility))
        prices.append(_price(ql.TurnbullWakemanAsianEngine(market), _dates(), strike))
    return prices


def _rows(contracts: Contracts) -> Sequence[tuple[float, float, float]]:
    columns = (contracts.spots, contracts.strikes, contracts.volatilities)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _dates() -> "list[ql.Date]":
    return [_TODAY + 7 * week for week in range(1, FIXINGS + 1)]


def _market(spot: "ql.SimpleQuote", volatility: "ql.SimpleQuote") -> "ql.BlackScholesMertonProcess":
    """Carry as a yield paid out, so that nothing is discounted."""
    return ql.BlackScholesMertonProcess(
        ql.QuoteHandle(spot),
        ql.YieldTermStructureHandle(ql.FlatForward(_TODAY, -_CARRY, _COUNT)),
        ql.YieldTermStructureHandle(ql.FlatForward(_TODAY, 0.0, _COUNT)),
        ql.BlackVolTermStructureHandle(
            ql.BlackConstantVol(_TODAY, ql.NullCalendar(), ql.QuoteHandle(volatility), _COUNT)
        ),
    )


def _price(engine: "ql.PricingEngine", dates: "list[ql.Date]", strike: float) -> float:
    option = ql.DiscreteAveragingAsianOption(
        ql.Average.Arithmetic,
        0.0,
        0,
        dates,
        ql.PlainVanillaPayoff(ql.Option.Call, strike),
        ql.EuropeanExercise(dates[-1]),
    )
    option.setPricingEngine(engine)
    return float(option.NPV())
