"""The law of an average of which nothing is open, or nothing moves."""

from dataclasses import dataclass

import numpy as np

from services.pricing.domain.guarantee.arrays import Calls, Floats


@dataclass(frozen=True, slots=True)
class CertainLaw:
    """One average that is known; a call on it is worth its intrinsic value."""

    average: float

    @property
    def expected(self) -> Floats:
        """The average, as an array of one."""
        return np.array([self.average])

    @property
    def spread(self) -> Floats:
        """Nothing, as an array of one."""
        return np.zeros(1)

    def calls(self, strikes: Floats, *, after: Calls | None = None) -> Calls:
        """Price calls; at the kink the slope is that above it, so no loss is expected there."""
        del after
        below = strikes < self.average
        nothing = np.zeros_like(strikes)
        value = np.where(below, self.average - strikes, 0.0)
        return Calls(value, np.where(below, -1.0, 0.0), nothing, nothing)

    def quantiles(self, probabilities: Floats) -> Floats:
        """Every quantile is the average."""
        return np.full((1, len(probabilities)), self.average)
