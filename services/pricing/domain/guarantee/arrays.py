"""The words in which the laws of an average answer. All arrays are of binary numbers."""

from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.intp]


class Place(NamedTuple):
    """Where strikes were found, so that a search for strikes nearby starts there."""

    z: Floats
    reached: Floats
    speed: Floats
    second: Floats


class Calls(NamedTuple):
    """Undiscounted calls on averages, each array of one shape: laws by strikes.

    ``value`` is in CNY per tonne; ``slope`` and ``curvature`` are its first and second derivative
    by the strike, so minus the probability of ending above it, and the density there.
    ``log_vega`` is the derivative by the logarithm of all volatilities together.
    """

    value: Floats
    slope: Floats
    curvature: Floats
    log_vega: Floats
    place: Place | None = None


class Survey(NamedTuple):
    """Calls on one average, and its quantiles with the calls struck there; one row each."""

    calls: Calls
    quantiles: Floats
    calls_at_quantiles: Floats


class AverageLaws(Protocol):
    """What the averages of one or more contracts may turn out to be."""

    @property
    def expected(self) -> Floats:
        """The mean of each average, CNY per tonne."""
        ...

    @property
    def spread(self) -> Floats:
        """The standard deviation of each average, about, in CNY per tonne."""
        ...

    @property
    def is_approached_roughly(self) -> bool:
        """Whether ``approach`` is less exact than ``calls`` for any average."""
        ...

    def calls(self, strikes: Floats) -> Calls:
        """Price calls, laws by strikes."""
        ...

    def approach(self, strikes: Floats, *, after: Calls | None) -> Calls:
        """Price calls with a curvature that is good to some percent, as a search for a root needs.

        ``after`` is the answer for strikes nearby.
        """
        ...


class AverageLaw(AverageLaws, Protocol):
    """What the one average of a contract may turn out to be."""

    def survey(self, strikes: Floats, probabilities: Floats) -> Survey:
        """Price calls on the one average, and find what it stays below with some probabilities."""
        ...
