"""What a promise pays at every average, and how likely each outcome is."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from services.pricing.domain.guarantee.arrays import AverageLaws
from services.pricing.domain.guarantee.decimals import to_decimal
from services.pricing.domain.guarantee.promise import Promises

PROBABILITIES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
_PROBABILITIES = np.array(PROBABILITIES)
_SHOWN = tuple(to_decimal(probability) for probability in PROBABILITIES)
_REACH = np.linspace(0.5, 1.5, 11)


@dataclass(frozen=True, slots=True)
class PayoffPoint:
    """What an average means, CNY per tonne: for the house, and as the customer's net price.

    The customer of a PURCHASE pays the average and what the house earns; the customer of a SALE
    gets the average less what the house earns.
    """

    average: Decimal
    house: Decimal
    customer_price: Decimal


@dataclass(frozen=True, slots=True)
class ProfitPoint:
    """With ``probability`` the house earns at most ``profit``, CNY per tonne, undiscounted.

    ``average`` is where that happens. For a PURCHASE profits rise as averages fall.
    """

    probability: Decimal
    profit: Decimal
    average: Decimal


def payoff_table(promises: Promises, *, price: float, expected: float) -> tuple[PayoffPoint, ...]:
    """Show the payoff from half to one and a half of the mean, with every bend in between.

    Straight lines between the points are the payoff itself.
    """
    even = expected * _REACH
    bends = promises.strikes(np.array([price]))[0]
    within = bends[(bends > even[0]) & (bends < even[-1])]
    averages = np.unique(np.append(even, within))
    house = promises.house(price, averages)
    customer = averages + promises.side[0] * house
    return tuple(
        PayoffPoint(*map(to_decimal, point))
        for point in zip(averages.tolist(), house.tolist(), customer.tolist(), strict=True)
    )


def profit_distribution(
    law: AverageLaws, promises: Promises, *, price: float
) -> tuple[ProfitPoint, ...]:
    """Show what the house earns at most with nine probabilities, worst first."""
    worse = _PROBABILITIES if promises.side[0] < 0 else 1.0 - _PROBABILITIES
    averages = law.quantiles(worse)[0]
    profits = promises.house(price, averages)
    points = zip(_SHOWN, profits.tolist(), averages.tolist(), strict=True)
    return tuple(
        ProfitPoint(shown, to_decimal(profit), to_decimal(average))
        for shown, profit, average in points
    )
