"""The promised price at which the house expects nothing, or a margin, or a return on its tail.

PURCHASE: the expectation rises with the price, by at least one less the largest share where there
is no loss cap; SALE mirrors it. Newton with the curvature, held between bounds that close in, so
that it also finds the root where a loss cap bends the expectation both ways.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr

from services.kernel.errors import Refused
from services.pricing.domain.guarantee.arrays import AverageLaws, Calls, Floats
from services.pricing.domain.guarantee.promise import Promises

_CLOSE = 5e-3
"""A step below this part of the deviation errs by its cube: measured, less than 1e-7 CNY."""

_MOST_STEPS = 200
_ROOT_OF_TWO_PI = float(np.sqrt(2.0 * np.pi))


class NoBreakEven(Refused):
    """No promised price gives the house just what was asked for.

    Too much of every gain is shared, or no loss is borne that a price would have to make up for.
    """

    reason = "NO_BREAK_EVEN"

    def __init__(
        self,
        why: str,
        *,
        row: int = 0,
        subject: str = "gain_share_tiers",
        way_out: str = "lower the customer's share or the target",
    ) -> None:
        """Say why; ``row`` is the place of the promise among several."""
        super().__init__(
            f"there is no break-even price: {why}; {way_out}, then quote again",
            subject=subject,
            metadata={"row": str(row)},
        )


def break_even_prices(*, laws: AverageLaws, promises: Promises, margins: Floats) -> Floats:
    """Find for each law the price at which its promise is expected to leave its margin.

    One promise and margin may serve all laws. Margins are undiscounted, CNY per tonne.

    Raises:
        NoBreakEven: every share is 1, or no price earns the margin.
    """
    check_reachable(laws=laws, promises=promises, margins=margins)
    expected, spread = laws.expected, laws.spread
    tolerance = np.maximum(_CLOSE * spread, 1e-9 * expected)
    price = _first_guess(promises, expected, spread, margins)
    low, high = np.zeros_like(price), np.full_like(price, np.inf)
    calls: Calls | None = None
    for _ in range(_MOST_STEPS):
        calls = laws.approach(promises.strikes(price), after=calls)
        excess = promises.side * (promises.expectation(price, expected, calls.value) - margins)
        low, high = np.where(excess <= 0, price, low), np.where(excess >= 0, price, high)
        moved = price + _step(promises, calls, excess)
        within = (moved >= low) & (moved <= high)
        if not within.all():
            moved = np.where(within, moved, _middle(price, low, high, spread))
        arrived = (np.abs(moved - price) <= tolerance).all()
        price = moved
        if arrived:
            break
    if laws.is_approached_roughly:
        calls = laws.calls(promises.strikes(price))
        excess = promises.side * (promises.expectation(price, expected, calls.value) - margins)
        price = price + _step(promises, calls, excess)
    return price


def check_reachable(*, laws: AverageLaws, promises: Promises, margins: Floats) -> None:
    """Refuse promises of which no price earns the margin.

    Raises:
        NoBreakEven: every share is 1, or no price earns the margin.
    """
    if promises.least_share.max() >= 1.0:
        row = int(promises.least_share.argmax())
        raise NoBreakEven("every gain is the customer's", row=row)
    if (margins >= promises.ceiling).any():
        row, most = int((margins >= promises.ceiling).argmax()), float(promises.ceiling.min())
        raise NoBreakEven(f"no price earns more than {most:.6f} a tonne", row=row)
    if not margins.any() or not (promises.side < 0).any():
        return
    nothing = np.zeros_like(laws.expected)
    calls = laws.calls(promises.strikes(nothing))
    most_of_each = promises.expectation(nothing, laws.expected, calls.value)
    short = (promises.side < 0) & (margins >= most_of_each)
    if short.any():
        most = float(most_of_each.min())
        raise NoBreakEven(f"no price earns more than {most:.6f} a tonne", row=int(short.argmax()))


def rising_root(function: Callable[[float], float], *, start: float, side: float) -> float:
    """Find the root of a function that is not above zero at ``start`` and rises to one side.

    ``side`` is 1 where it rises with its argument, without end; -1 where it rises towards zero.
    False position with halved weights (Illinois), to 1e-9 of the argument.
    """
    low, at_low = start, function(start)
    if at_low >= 0.0:
        return start
    reach = 1.0
    high = start + reach if side > 0 else 0.5 * start
    at_high = function(high)
    while at_high < 0.0:
        low, at_low, reach = high, at_high, 2.0 * reach
        high = high + reach if side > 0 else 0.5 * high
        at_high = function(high)
    for _ in range(_MOST_STEPS):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        value = function(middle)
        if abs(high - low) <= 1e-9 * start or value == 0.0:
            return middle
        if value > 0.0:
            high, at_high, at_low = middle, value, 0.5 * at_low
        else:
            low, at_low, at_high = middle, value, 0.5 * at_high
    return middle


def _first_guess(promises: Promises, expected: Floats, spread: Floats, margins: Floats) -> Floats:
    """Where the price would be with the skew of a lognormal, and the first share the only one.

    For a normal average it is u deviations from the mean, ``u = s n(u) / (1 - s N(u))``; the skew,
    three times the relative deviation d, multiplies the right side by ``1 + u d / 2``.
    """
    share = np.minimum(np.maximum(-promises.quantities[:, 0], 0.0), 0.99)
    skew = 0.5 * promises.side * spread / expected
    away = 0.4 * share / (1.0 - 0.5 * share)
    for _ in range(2):
        tall = share * np.exp(-0.5 * away * away) / _ROOT_OF_TWO_PI
        away = tall * (1.0 + away * skew) / (1.0 - share * ndtr(away))
    guess = expected + promises.side * (away * spread + margins)
    return np.maximum(guess, 0.1 * expected)


def _step(promises: Promises, calls: Calls, excess: Floats) -> Floats:
    """Step to where the parabola through value, slope and curvature would be zero (Halley)."""
    slope = np.maximum(promises.side * promises.marginal(calls), 1e-12)
    curvature = promises.side * np.vecdot(promises.quantities, calls.curvature)
    newton = -excess / slope
    step: Floats = newton / np.maximum(1.0 + 0.5 * newton * curvature / slope, 0.5)
    return step


def _middle(price: Floats, low: Floats, high: Floats, spread: Floats) -> Floats:
    """Halve the bounds; where there is no upper one yet, go out twice as far."""
    return np.where(np.isinf(high), 2.0 * price + spread, 0.5 * (low + high))
