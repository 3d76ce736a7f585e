"""The law of an average of which nothing is open, or nothing moves."""

from dataclasses import dataclass

import numpy as np

from services.pricing.domain.guarantee.arrays import Calls, Floats, Survey


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

    @property
    def is_approached_roughly(self) -> bool:
        """Never."""
        return False

    def calls(self, strikes: Floats) -> Calls:
        """Price calls; at the kink the slope is that above it, so no loss is expected there."""
        below = strikes < self.average
        nothing = np.zeros_like(strikes)
        value = np.where(below, self.average - strikes, 0.0)
        return Calls(value, np.where(below, -1.0, 0.0), nothing, nothing)

    def approach(self, strikes: Floats, *, after: Calls | None) -> Calls:
        """Price calls."""
        del after
        return self.calls(strikes)

    def survey(self, strikes: Floats, probabilities: Floats) -> Survey:
        """Price calls; every quantile is the average."""
        quantiles = np.full(len(probabilities), self.average)
        return Survey(self.calls(strikes), quantiles, np.zeros(len(probabilities)))
