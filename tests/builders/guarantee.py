"""Promises, schedules and averages that are valid as they stand."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from services.kernel.gain_share import GainShareTier
from services.kernel.instrument import GuaranteeSide
from services.pricing.domain.guarantee.arrays import Floats
from services.pricing.domain.guarantee.average import Averages
from services.pricing.domain.guarantee.inquiry import (
    GuaranteeInquiry,
    Outlook,
    PlannedDelivery,
)
from services.pricing.domain.guarantee.promise import PromiseTerms

VALUATION = date(2025, 1, 6)
SPOT = Outlook(spot=Decimal(80), carry_rate=Decimal("0.02"), volatility=Decimal("0.3"))

Bands = Sequence[tuple[str | None, str]]


def promise(
    *shares: tuple[str | None, str] | str,
    side: GuaranteeSide = GuaranteeSide.PURCHASE,
    cap: str | None = None,
) -> PromiseTerms:
    """A promise with tiers (end of the gain, share), or one share of every gain."""
    bands = [(None, share) if isinstance(share, str) else share for share in shares]
    tiers = tuple(
        GainShareTier(None if end is None else Decimal(end), Decimal(share)) for end, share in bands
    )
    limit = None if cap is None else Decimal(cap)
    return PromiseTerms(side=side, gain_share_tiers=tiers, loss_cap_per_tonne=limit)


def weekly_deliveries(count: int = 26, *, tonnes: int = 1000) -> tuple[PlannedDelivery, ...]:
    """Equal deliveries, one a week, the first a week after the valuation."""
    weeks = range(1, count + 1)
    return tuple(PlannedDelivery(VALUATION + timedelta(weeks=week), tonnes) for week in weeks)


def inquiry(**changes: Any) -> GuaranteeInquiry:  # noqa: ANN401 - whatever a test changes
    """Half of every gain over 26 weekly deliveries, spot 80, volatility 30 %, carry 2 %."""
    return GuaranteeInquiry(
        **{
            "terms": promise("0.5"),
            "deliveries": weekly_deliveries(),
            "outlook": SPOT,
            "valuation_date": VALUATION,
            **changes,
        }
    )


def weekly_average(
    *,
    fixings: int = 26,
    volatility: float = 0.3,
    spot: float = 80.0,
    carry: float = 0.02,
    known: float = 0.0,
    part: float = 1.0,
) -> Averages:
    """An average of equal weekly fixings with times in years, i/52; ``part`` of it is open."""
    years = np.arange(1, fixings + 1) / 52.0
    forwards = part * spot * np.exp(carry * years) / fixings
    return Averages(
        known=np.array([known]),
        forwards=forwards[None],
        variances=volatility**2 * years[None],
        levels=np.array([spot]),
        volatilities=np.array([volatility]),
    )


def stacked(averages: Sequence[Averages]) -> Averages:
    """Averages of as many fixings each, in one."""
    return Averages(
        known=np.concatenate([each.known for each in averages]),
        forwards=np.concatenate([each.forwards for each in averages]),
        variances=np.concatenate([each.variances for each in averages]),
        levels=np.concatenate([each.levels for each in averages]),
        volatilities=np.concatenate([each.volatilities for each in averages]),
    )


def random_averages(
    count: int, fixings: int, *, seed: int, widest: float = 0.45, level: float = 80.0
) -> Averages:
    """Averages of uneven weights and days, up to a year and a half, volatility below ``widest``."""
    random = np.random.default_rng(seed)
    gaps = random.exponential(1.0, (count, fixings)) + 0.02
    years = np.cumsum(gaps, axis=1)
    years *= (random.uniform(0.05, 1.5, count) / years[:, -1])[:, None]
    volatilities = random.uniform(0.02, widest, count)
    weights = random.exponential(1.0, (count, fixings)) + 1e-3
    done = np.where(random.random(count) < 0.5, random.uniform(0.0, 0.9, count), 0.0)
    weights *= ((1.0 - done) / weights.sum(axis=1))[:, None]
    drift = random.uniform(-0.1, 0.1, count)[:, None]
    return Averages(
        known=done * level * random.uniform(0.7, 1.3, count),
        forwards=level * weights * np.exp(drift * years),
        variances=volatilities[:, None] ** 2 * years,
        levels=np.full(count, level),
        volatilities=volatilities,
    )


def scaled(averages: Averages, by: float) -> Averages:
    """The same averages in another unit of money."""
    return Averages(
        known=averages.known * by,
        forwards=averages.forwards * by,
        variances=averages.variances,
        levels=averages.levels * by,
        volatilities=averages.volatilities,
    )


def column(*values: float) -> Floats:
    """Figures of one row."""
    return np.array([values])
