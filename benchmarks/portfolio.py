"""(d) All promises together: 100,000 contracts over 50 schedules on 100,000 joint price paths.

Measured from positions as they are read: grouped and summed by schedule, simulated for allowances
and credits with their correlation, VaR and CVaR with their errors. Beside it the value and greeks
of every contract by itself.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from time import perf_counter

from services.kernel.gain_share import GainShareTier
from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.instrument import GuaranteeSide, InstrumentKind
from services.kernel.period import Period
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.portfolio.contract_value import contract_figures
from services.pricing.domain.portfolio.market import Market
from services.pricing.domain.portfolio.position import OpenPosition, PromisedFrom
from services.pricing.domain.portfolio.risk import Risk, risk_of
from services.pricing.domain.portfolio.schedule import (
    ScheduledPositions,
    on_days,
    summed_payoff,
)
from services.pricing.domain.portfolio.simulation import PathSettings, ScheduledPayoff, simulate

CONTRACTS, SCHEDULES, PATHS = 100_000, 50, 100_000
_ALLOWANCE_SCHEDULES = 40
_ROUNDS = 3
_START = date(2025, 1, 6)
_WEEKS = tuple(_START + timedelta(days=7 * week) for week in range(1, 61))
_MARKETS = {
    kind: Market(kind=kind, volatility=Decimal("0.28"), spot=spot, carry_rate=Decimal("0.02"))
    for kind, spot in ((InstrumentKind.CEA, Decimal(80)), (InstrumentKind.CCER, Decimal(70)))
}
_PURCHASE = PromiseTerms(
    side=GuaranteeSide.PURCHASE,
    gain_share_tiers=(
        GainShareTier(Decimal(5), Decimal("0.3")),
        GainShareTier(None, Decimal("0.5")),
    ),
)
_SALE = PromiseTerms(side=GuaranteeSide.SALE)


@dataclass(frozen=True, slots=True)
class PortfolioFigures:
    """Seconds, medians of the rounds. ``var_error`` is that of VaR 99 as a part of it.

    ``difference`` is that of the simulated mean and the sum of the contracts' values, in sampling
    errors of the mean.
    """

    var_seconds: float
    values_seconds: float
    var_error: float
    difference: float


def measure() -> PortfolioFigures:
    """Compute the risk of the whole, and the value of each, in turn."""
    books = _books()
    var_seconds, values_seconds = [], []
    risk, worth = _risk(books), 0.0
    for _ in range(_ROUNDS):
        began = perf_counter()
        risk = _risk(books)
        var_seconds.append(perf_counter() - began)
        began = perf_counter()
        worth = sum(_worth(on_days(book, days)) for book, days in books)
        values_seconds.append(perf_counter() - began)
    return PortfolioFigures(
        median(var_seconds),
        median(values_seconds),
        risk.var_99_error / risk.var_99,
        (risk.mean - worth) / risk.mean_error,
    )


def _risk(books: Sequence[tuple[list[OpenPosition], tuple[date, ...]]]) -> Risk:
    schedules = [
        ScheduledPayoff(book[0].kind, days, 1.0, summed_payoff(on_days(book, days)))
        for book, days in books
    ]
    results = simulate(
        schedules=schedules,
        markets=_MARKETS,
        start=_START,
        settings=PathSettings(PATHS, seed=20250106, correlation=0.3),
    )
    return risk_of(results[InstrumentKind.CEA] + results[InstrumentKind.CCER])


def _worth(positions: ScheduledPositions) -> float:
    market = _MARKETS[positions.kind]
    figures = contract_figures(positions, market=market, start=_START, discount=1.0)
    return float(figures.values.sum())


def _books() -> list[tuple[list[OpenPosition], tuple[date, ...]]]:
    """Invent contracts, some with deliveries already: 40 schedules of allowances, 10 of credits."""
    draw = random.Random(7)
    return [
        (
            [_position(draw, schedule, index) for index in range(CONTRACTS // SCHEDULES)],
            _WEEKS[schedule // 5 : 60 - schedule % 7],
        )
        for schedule in range(SCHEDULES)
    ]


def _position(draw: random.Random, schedule: int, index: int) -> OpenPosition:
    is_allowance = schedule < _ALLOWANCE_SCHEDULES
    price = Decimal(draw.randint(7_200, 8_800)).scaleb(-2)
    volume, delivered = draw.randint(1_000, 100_000), draw.choice([0, 0, 0, 500])
    return OpenPosition(
        contract=ContractName(f"contracts/{schedule}-{index}"),
        customer=CustomerName(f"customers/{index}"),
        kind=InstrumentKind.CEA if is_allowance else InstrumentKind.CCER,
        terms=_PURCHASE if is_allowance else _SALE,
        window=Period(_START, _WEEKS[-1]),
        volume_tonnes=volume,
        promised_prices=(PromisedFrom(_START, price),),
        delivered_tonnes=delivered,
        delivered_amount=Decimal(delivered) * 79,
        promised_amount=delivered * price,
    )
