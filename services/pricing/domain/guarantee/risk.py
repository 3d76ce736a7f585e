"""What one promise may cost: its chance of a loss, and the tail of that loss.

State measure: the distribution of the average that the quote is priced by, so forwards are means
and the chosen volatility rules; no view of the desk enters. Horizon: from the valuation to the last
fixing, when the promise is known; nothing is rebalanced meanwhile. Sign: a loss of the house is
positive, a figure below zero is a gain even so far out. CNY per tonne, undiscounted.
The loss moves one way with the average, so its quantile is the loss at a quantile of the average:
the upper one for PURCHASE, the lower one for SALE.
"""

from dataclasses import dataclass

import numpy as np

from services.pricing.domain.guarantee.arrays import AverageLaw, Floats, Survey
from services.pricing.domain.guarantee.promise import Promises

TAIL = 0.01
"""VaR and CVaR are at 99 %: what is lost beyond them has this probability."""

PROBABILITIES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
"""Of the house's profit, worst first. The worst is the edge of the tail."""

_RISING, _FALLING = np.array(PROBABILITIES), 1.0 - np.array(PROBABILITIES)


@dataclass(frozen=True, slots=True)
class PricedPromise:
    """One promise at one price under one law.

    ``profits`` are what the house earns at most with ``PROBABILITIES``, CNY per tonne, the worst
    first; the quantiles of the survey are the averages at which it does.
    """

    promises: Promises
    price: float
    expected: float
    survey: Survey
    profits: Floats

    @property
    def expectation(self) -> float:
        """What the house expects, undiscounted."""
        values = self.survey.calls.value
        price, expected = np.array([self.price]), np.array([self.expected])
        return float(self.promises.expectation(price, expected, values)[0])

    @property
    def probability_of_loss(self) -> float:
        """The chance that the house loses: the average is on the wrong side of the price."""
        above = -float(self.survey.calls.slope[0, 0])
        return above if self.promises.side[0] > 0 else 1.0 - above

    @property
    def value_at_risk(self) -> float:
        """The loss that is exceeded with a probability of 1 %."""
        return -float(self.profits[0])

    @property
    def conditional_value_at_risk(self) -> float:
        """The mean loss of the worst 1 %.

        Beyond the edge the loss is its value there, its slope there times the distance, and bends
        at the strikes still further out; each has its call, or for SALE its put, as its mean.
        """
        promises, edge = self.promises, float(self.survey.quantiles[0])
        options, distance = self.survey.calls.value[0], float(self.survey.calls_at_quantiles[0])
        strikes = self.price + promises.offsets[0]
        beyond = strikes > edge
        if promises.side[0] < 0:
            beyond = strikes < edge
            options = options - self.expected + strikes
            distance = self.expected - edge - distance
        quantities = promises.quantities[0]
        slope = float(promises.slope[0] - quantities[~beyond].sum())
        if promises.side[0] < 0:
            slope = float(promises.slope[0] - quantities[beyond].sum())
        bends = float(quantities[beyond] @ options[beyond])
        return self.value_at_risk + (slope * distance - bends) / TAIL


def price_promise(*, law: AverageLaw, promises: Promises, price: float) -> PricedPromise:
    """Price one promise at one price under one law, once for all figures."""
    probabilities = _FALLING if promises.side[0] > 0 else _RISING
    survey = law.survey(promises.strikes(np.array([price])), probabilities)
    profits = promises.house(price, survey.quantiles)
    return PricedPromise(promises, price, float(law.expected[0]), survey, profits)
