"""Which mathematics a figure came from: kept with every quote, so that it can be computed again.

A change that moves any figure by more than its last shown decimal gets a new version.
"""

from typing import Final

DEFAULT_MODEL: Final = "conditioned-log-average"
"""Conditioning on the weighted mean of the logarithms, corrected by what it leaves open."""

AUDIT_MODEL: Final = "density-recursion"
"""Backward recursion of the density of the average; exact up to rounding."""

CERTAIN_MODEL: Final = "certain"
"""Nothing is open any more, or nothing moves: the average is known."""

MODEL_VERSION: Final = "guarantee-2"

WIDEST_DEFAULT: Final = 0.45
"""Above this standard deviation of the logarithm of the average the audit model takes over."""

MOST_ASYMMETRIC: Final = 2e-3
"""Above this asymmetry, given the mean of the logarithms, the audit model takes over.

Below it the default model errs by less than 3.1e-4 CNY in 80 at any strike; above it are contracts
of few and uneven fixings.
"""
