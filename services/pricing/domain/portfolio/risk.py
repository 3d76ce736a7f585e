"""The risk of many results: mean, VaR and CVaR at 99 %, each with its sampling error.

Sign: a loss is positive. The error is one standard deviation of the figure over other draws of as
many paths: of the mean and of the mean beyond a quantile by their variance, of a quantile by the
spacing of the ordered results around it.
"""

from dataclasses import dataclass

import numpy as np

from services.pricing.domain.guarantee.arrays import Floats

TAIL = 0.01
_FEWEST = 1_000


@dataclass(frozen=True, slots=True)
class Risk:
    """Figures in CNY; losses positive."""

    mean: float
    mean_error: float
    var_99: float
    var_99_error: float
    cvar_99: float
    cvar_99_error: float
    probability_of_loss: float


def risk_of(results: Floats) -> Risk:
    """Measure the results of the house on many paths, at least a thousand."""
    count = len(results)
    if count < _FEWEST:
        raise ValueError(f"{count} paths say nothing of a tail of one in a hundred")
    beyond = max(1, round(TAIL * count))
    spread = max(1, round(np.sqrt(count * TAIL * (1.0 - TAIL))))
    # The worst results, and as many more as the spacing around the quantile needs.
    worst = np.sort(np.partition(results, beyond + spread)[: beyond + spread + 1])
    losses = -worst
    tail = losses[:beyond]
    var, cvar = float(losses[beyond - 1]), float(tail.mean())
    above = float(losses[max(0, beyond - 1 - spread)])
    below = float(losses[min(len(losses) - 1, beyond - 1 + spread)])
    tail_variance = float(tail.var()) + (1.0 - TAIL) * (cvar - var) ** 2
    return Risk(
        mean=float(results.mean()),
        mean_error=float(results.std() / np.sqrt(count)),
        var_99=var,
        var_99_error=0.5 * (above - below),
        cvar_99=cvar,
        cvar_99_error=float(np.sqrt(tail_variance / beyond)),
        probability_of_loss=float(np.count_nonzero(results < 0.0) / count),
    )
