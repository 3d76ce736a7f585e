"""The words in which the laws of an average answer. All arrays are of binary numbers."""

from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.intp]


class Calls(NamedTuple):
    """Undiscounted calls on an average, each array of one shape: laws by strikes.

    ``value`` is in CNY per tonne; ``slope`` and ``curvature`` are its first and second derivative
    by the strike, so minus the probability of ending above it, and the density there.
    ``log_vega`` is the derivative by the logarithm of all volatilities together. ``position`` is
    where a repeated search may start.
    """

    value: Floats
    slope: Floats
    curvature: Floats
    log_vega: Floats
    position: Floats | None = None


class AverageLaws(Protocol):
    """What the average of one or more contracts may turn out to be."""

    @property
    def expected(self) -> Floats:
        """The mean of each average, CNY per tonne."""
        ...

    @property
    def spread(self) -> Floats:
        """The standard deviation of each average, about, in CNY per tonne."""
        ...

    def calls(self, strikes: Floats, *, after: Calls | None = None) -> Calls:
        """Price calls, laws by strikes; ``after`` is an answer for strikes nearby."""
        ...

    def quantiles(self, probabilities: Floats) -> Floats:
        """Find what each average stays below with some probabilities; laws by probabilities."""
        ...
