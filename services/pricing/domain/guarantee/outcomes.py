"""What a promise pays at every average, and how likely each outcome is."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from services.pricing.domain.guarantee.decimals import to_decimal
from services.pricing.domain.guarantee.risk import PROBABILITIES, PricedPromise

_SHOWN = tuple(to_decimal(probability) for probability in PROBABILITIES)
_REACH = 0.5


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


def payoff_table(priced: PricedPromise) -> tuple[PayoffPoint, ...]:
    """Show the payoff from half to one and a half of the mean, with every bend in between.

    Straight lines between the points are the payoff itself.
    """
    low, high = (1.0 - _REACH) * priced.expected, (1.0 + _REACH) * priced.expected
    bends = {priced.price + offset for offset in priced.promises.offsets[0].tolist()}
    points = sorted({low, priced.expected, high} | {bend for bend in bends if low < bend < high})
    averages = np.array(points)
    house = priced.promises.house(priced.price, averages)
    customer = averages + priced.promises.side[0] * house
    rows = zip(points, house.tolist(), customer.tolist(), strict=True)
    return tuple(PayoffPoint(*map(to_decimal, row)) for row in rows)


def profit_distribution(priced: PricedPromise) -> tuple[ProfitPoint, ...]:
    """Show what the house earns at most with nine probabilities, worst first."""
    averages = priced.survey.quantiles.tolist()
    figures = zip(_SHOWN, priced.profits.tolist(), averages, strict=True)
    return tuple(
        ProfitPoint(shown, to_decimal(profit), to_decimal(average))
        for shown, profit, average in figures
    )
