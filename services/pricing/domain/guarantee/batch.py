"""Many contracts at once, in chunks that fit the cache, on some threads.

Each contract has an average of its own. Chunks are cut by size alone, so figures do not depend on
the number of threads. numpy gives up the interpreter's lock while it computes.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from services.pricing.domain.guarantee.arrays import Calls, Floats
from services.pricing.domain.guarantee.average import Averages
from services.pricing.domain.guarantee.break_even import break_even_prices
from services.pricing.domain.guarantee.laws import laws_of
from services.pricing.domain.guarantee.promise import Promises

_CHUNK_CELLS = 40_000
"""Contracts by calls by fixings: a third of a megabyte an array, measured the fastest."""

_THREADS = 2


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """Calls and puts on averages, CNY per tonne, undiscounted; one of each a row.

    ``delta`` and ``gamma`` are those of the call by the level of the average, ``vega`` that of
    either by 1.00 of its volatility. A put has delta less that of the forward, and the same gamma.
    """

    call: Floats
    put: Floats
    delta: Floats
    gamma: Floats
    vega: Floats


@dataclass(frozen=True, slots=True)
class PromiseFigures:
    """What the house expects of promises, CNY per tonne, undiscounted, and its derivatives.

    ``delta`` and ``gamma`` are by the level of each average, ``vega`` by 1.00 of its volatility.
    ``probability_of_loss`` is the house's.
    """

    value: Floats
    delta: Floats
    gamma: Floats
    vega: Floats
    probability_of_loss: Floats


def price_many(*, averages: Averages, strikes: Floats, threads: int = _THREADS) -> OptionFigures:
    """Price a call and a put on each average at its strike, with the greeks of the call."""

    def one(rows: slice) -> tuple[Floats, ...]:
        part = averages.take(rows)
        expected, calls = _priced(part, strikes[rows, None])
        delta, gamma, vega = _greeks(part, expected, strikes[rows, None], calls)
        value = calls.value[:, 0]
        put = np.maximum(value - expected + strikes[rows], 0.0)
        return value, put, delta[:, 0], gamma[:, 0], vega[:, 0]

    return OptionFigures(*_joined(one, averages, threads=threads))


def value_many(
    *, averages: Averages, promises: Promises, prices: Floats, threads: int = _THREADS
) -> PromiseFigures:
    """Value each promise on its average at its promised price, with greeks."""

    def one(rows: slice) -> tuple[Floats, ...]:
        part, cut = averages.take(rows), promises.take(rows)
        strikes = cut.strikes(prices[rows])
        expected, calls = _priced(part, strikes)
        value = cut.expectation(prices[rows], expected, calls.value)
        each = _greeks(part, expected, strikes, calls)
        delta, gamma, vega = (np.vecdot(cut.quantities, greek) for greek in each)
        delta -= cut.slope * (expected - part.known) / part.levels
        above = -calls.slope[:, 0]
        return value, delta, gamma, vega, np.where(cut.side > 0, above, 1.0 - above)

    figures = _joined(one, averages, each=promises.offsets.shape[1], threads=threads)
    return PromiseFigures(*figures)


def break_even_many(
    *,
    averages: Averages,
    promises: Promises,
    margins: Floats | None = None,
    threads: int = _THREADS,
) -> Floats:
    """Find the price at which each promise is expected to leave its margin, or nothing.

    Raises:
        NoBreakEven: for the first promise that has none, with its row within its chunk.
    """
    wanted = np.zeros(len(averages.known)) if margins is None else margins

    def one(rows: slice) -> tuple[Floats, ...]:
        laws = laws_of(averages.take(rows))
        cut = promises.take(rows)
        return (break_even_prices(laws=laws, promises=cut, margins=wanted[rows]),)

    return _joined(one, averages, each=promises.offsets.shape[1], threads=threads)[0]


def _priced(averages: Averages, strikes: Floats) -> tuple[Floats, Calls]:
    laws = laws_of(averages, with_vega=True)
    return laws.expected, laws.calls(strikes)


def _greeks(
    averages: Averages, expected: Floats, strikes: Floats, calls: Calls
) -> tuple[Floats, Floats, Floats]:
    """Derivatives of calls: homogeneous of degree one in forwards and strike less what is known."""
    level, volatility = averages.levels[:, None], averages.volatilities[:, None]
    beyond = strikes - averages.known[:, None]
    forward = (expected - averages.known)[:, None]
    moved = np.where(beyond > 0.0, calls.value - beyond * calls.slope, forward)
    vega = np.divide(calls.log_vega, volatility, out=np.zeros_like(moved), where=volatility > 0.0)
    return moved / level, (beyond / level) ** 2 * calls.curvature, vega


def _joined(
    one: Callable[[slice], tuple[Floats, ...]],
    averages: Averages,
    *,
    each: int = 1,
    threads: int,
) -> list[Floats]:
    """Compute chunk by chunk and put the figures of all one after the other."""
    chunks = list(_chunks(averages, each))
    if threads == 1 or len(chunks) == 1:
        parts = [one(rows) for rows in chunks]
    else:
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(one, chunks))
    return [np.concatenate(figures) for figures in zip(*parts, strict=True)]


def _chunks(averages: Averages, each: int) -> Iterator[slice]:
    contracts, fixings = averages.forwards.shape
    rows = max(1, _CHUNK_CELLS // max(1, fixings * each))
    for start in range(0, max(contracts, 1), rows):
        yield slice(start, start + rows)
