"""One joint set of price paths for allowances and credits, and what all contracts come to on each.

Prices are lognormal around their forwards, moves of the two kinds correlated. All days of all
schedules are steps of the same paths, so contracts share their fate where the market does. Chunks
of paths have random numbers of their own, derived from one seed: the figures do not depend on how
many processors computed them.
"""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np

from services.kernel.instrument import InstrumentKind
from services.pricing.domain.guarantee.arrays import Floats
from services.pricing.domain.guarantee.decimals import to_binary
from services.pricing.domain.portfolio.market import Market, years_to
from services.pricing.domain.portfolio.schedule import Singles, SummedPayoff

CHUNK_CELLS = 400_000
"""Prices that one chunk simulates at once: what stays in a processor's cache."""

KINDS = tuple(InstrumentKind)


@dataclass(frozen=True, slots=True)
class ScheduledPayoff:
    """The contracts of one schedule: kind, days left (none: nothing moves), discount, payoff."""

    kind: InstrumentKind
    days: tuple[date, ...]
    discount: float
    payoff: SummedPayoff


@dataclass(frozen=True, slots=True)
class PathSettings:
    """How paths are drawn: their number, the seed, and the correlation of the two kinds."""

    count: int
    seed: int
    correlation: float


@dataclass(frozen=True, slots=True)
class _Leg:
    """One kind on the joint steps: deviation and drift of each step, weights of its schedules."""

    kind: InstrumentKind
    deviations: Singles
    centres: Singles
    weights: Singles
    payoffs: tuple[ScheduledPayoff, ...]


def simulate(
    *,
    schedules: Sequence[ScheduledPayoff],
    markets: Mapping[InstrumentKind, Market],
    start: date,
    settings: PathSettings,
) -> Mapping[InstrumentKind, Floats]:
    """Sum what the contracts of each kind pay the house on each path, discounted; CNY."""
    steps = sorted({day for schedule in schedules for day in schedule.days})
    legs = [
        _leg(markets[kind], [each for each in schedules if each.kind is kind], steps, start)
        for kind in KINDS
        if any(each.kind is kind for each in schedules)
    ]
    if not legs:
        return {}
    results = {leg.kind: np.zeros(settings.count) for leg in legs}
    size = max(1, CHUNK_CELLS // max(1, len(steps)))
    firsts = range(0, settings.count, size)

    def run(first: int) -> None:
        last = min(first + size, settings.count)
        noise = _noise(settings, first // size, last - first, len(steps), len(legs))
        for leg, moves in zip(legs, noise, strict=True):
            results[leg.kind][first:last] = _on_paths(leg, moves)

    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        list(pool.map(run, firsts))
    return results


def _leg(
    market: Market, schedules: Sequence[ScheduledPayoff], steps: list[date], start: date
) -> _Leg:
    years = years_to(steps, start=start)
    variances = to_binary(market.volatility) ** 2 * years
    increments = np.diff(variances, prepend=0.0)
    weights = np.zeros((len(steps), len(schedules)), dtype=np.float32)
    place = {day: index for index, day in enumerate(steps)}
    for column, schedule in enumerate(schedules):
        for day in schedule.days:
            weights[place[day], column] = 1.0 / len(schedule.days)
    centres = np.log(market.forwards(steps, start=start)) - 0.5 * variances
    return _Leg(
        market.kind,
        np.sqrt(increments).astype(np.float32),
        centres.astype(np.float32),
        weights,
        tuple(schedules),
    )


def _noise(
    settings: PathSettings, chunk: int, paths: int, steps: int, legs: int
) -> tuple[Singles, ...]:
    """Draw the joint moves of a chunk: of one kind, or of both with their correlation."""
    stream = np.random.Generator(np.random.SFC64([settings.seed, chunk]))
    first = stream.standard_normal((paths, steps), dtype=np.float32)
    if legs == 1:
        return (first,)
    second = stream.standard_normal((paths, steps), dtype=np.float32)
    with_first = np.float32(settings.correlation)
    alone = np.float32(np.sqrt(max(0.0, 1.0 - settings.correlation**2)))
    second *= alone
    second += with_first * first
    return (first, second)


def _on_paths(leg: _Leg, moves: Singles) -> Floats:
    paths = np.cumsum(moves * leg.deviations, axis=1, dtype=np.float32)
    paths += leg.centres
    np.exp(paths, out=paths)
    averages = np.ascontiguousarray((paths @ leg.weights).T)
    total = np.zeros(len(moves))
    for schedule, average in zip(leg.payoffs, averages, strict=True):
        total += schedule.discount * schedule.payoff.at(average)
    return total
