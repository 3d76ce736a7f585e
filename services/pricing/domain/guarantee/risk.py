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

from services.pricing.domain.guarantee.arrays import AverageLaws, Calls, Floats
from services.pricing.domain.guarantee.promise import Promises

TAIL = 0.01
"""VaR and CVaR are at 99 %: what is lost beyond them has this probability."""


@dataclass(frozen=True, slots=True)
class PricedPromise:
    """One promise at one price under one law: its calls, and the calls at the tail's edge."""

    promises: Promises
    price: float
    expected: float
    calls: Calls
    edge: float
    edge_value: float

    @property
    def expectation(self) -> float:
        """What the house expects, undiscounted."""
        expected = np.array([self.expected])
        price = np.array([self.price])
        return float(self.promises.expectation(price, expected, self.calls.value)[0])

    @property
    def probability_of_loss(self) -> float:
        """The chance that the house loses: the average is on the wrong side of the price."""
        above = -float(self.calls.slope[0, 0])
        return above if self.promises.side[0] > 0 else 1.0 - above

    @property
    def value_at_risk(self) -> float:
        """The loss that is exceeded with a probability of 1 %."""
        return -float(self.promises.house(self.price, np.array([self.edge]))[0])

    @property
    def conditional_value_at_risk(self) -> float:
        """The mean loss of the worst 1 %.

        Beyond the edge the loss is its value there, its slope there times the distance, and bends
        at the strikes still further out; each has its call, or put, as its mean.
        """
        beyond = self._beyond_edge()
        quantities = self.promises.quantities[0]
        slope = float(self.promises.slope[0]) - float(quantities[~beyond].sum())
        options = self.calls.value[0]
        distance = self.edge_value
        if self.promises.side[0] < 0:
            strikes = self.promises.strikes(np.array([self.price]))[0]
            options = options - self.expected + strikes
            slope = float(self.promises.slope[0]) - float(quantities[beyond].sum())
            distance = -(self.edge_value - self.expected + self.edge)
        bends = float(quantities[beyond] @ options[beyond])
        return self.value_at_risk + (slope * distance - bends) / TAIL

    def _beyond_edge(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        strikes = self.promises.strikes(np.array([self.price]))[0]
        return strikes > self.edge if self.promises.side[0] > 0 else strikes < self.edge


def edge_of_tail(*, laws: AverageLaws, promises: Promises) -> float:
    """The average beyond which the worst 1 % of one promise lie, whatever its price."""
    at = np.array([1.0 - TAIL if promises.side[0] > 0 else TAIL])
    return float(laws.quantiles(at)[0, 0])


def price_promise(
    *, laws: AverageLaws, promises: Promises, price: float, edge: float
) -> PricedPromise:
    """Price one promise at one price under one law, once for all figures."""
    strikes: Floats = np.append(promises.strikes(np.array([price])), [[edge]], axis=1)
    priced = laws.calls(strikes)
    calls = Calls(*(array[:, :-1] for array in priced[:4]))
    expected = float(laws.expected[0])
    return PricedPromise(promises, price, expected, calls, edge, float(priced.value[0, -1]))
