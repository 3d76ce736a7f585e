"""How the result of a promise may fall out: its distribution, with the losses of the worst 1 %."""

from pathlib import Path
from statistics import NormalDist

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from numpy.typing import NDArray

from clients.cli.charts.figures import Outlook
from clients.cli.charts.paper import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    PER_TONNE,
    RED,
    paper,
    tidy,
    to_fen,
    with_sign,
)
from clients.cli.errors import InputRefused

_BINS, _SAMPLES = 72, 20_001
_OUTERMOST = 3.2
"""Standard deviations that are shown: beyond lies less than a thousandth on either side."""
_LEAST_QUANTILES = 3
_LUMP = 12.0
"""A bar of so many percent is a lump, as at a loss cap, and says how much it is."""

Numbers = NDArray[np.float64]

_CLOSE = 0.17
"""A label takes so much of the width."""

_NOTHING = 1e-6
"""Results that differ by less are one result."""


def draw_profit(path: Path, *, outlook: Outlook) -> None:
    """Draw the distribution of what the house earns.

    Between the quantiles the logarithm of the average is a smooth curve on the normal scale; the
    payoff at each average is exact, so its bends and caps show as they are.

    Raises:
        InputRefused: too few quantiles to draw from, or the result is certain.
    """
    profits = sampled_profits(outlook)
    if float(np.ptp(profits)) < _NOTHING:
        text = f"is certain, {to_fen(outlook.expected)} CNY a tonne: there is nothing to draw"
        raise InputRefused(f"the result of {outlook.name} {text}")
    subtitle = f"{outlook.name}; promised at {outlook.promised:,.2f} CNY a tonne"
    with paper(path, title="Profit and loss, and its worst 1 %", subtitle=subtitle) as figure:
        axes = tidy(figure.subplots())
        highest = _draw_bars(axes, profits, outlook)
        _draw_marks(axes, outlook, highest)
        _explain_colours(axes, outlook)
        axes.set_xlabel(f"result of the house, {PER_TONNE}, undiscounted")
        axes.set_ylabel("probability of each bar, %")
        axes.set_ylim(0.0, 1.36 * highest)
        axes.xaxis.set_major_formatter(lambda figure, _: with_sign(figure))


def sampled_profits(outlook: Outlook) -> Numbers:
    """Take profits at even steps of probability, worst first."""
    if len(outlook.quantiles) < _LEAST_QUANTILES:
        raise InputRefused("the quote has too few quantiles of its result to draw from")
    normal = NormalDist()
    scale = [normal.inv_cdf(each.probability) for each in outlook.quantiles]
    logarithms = np.log([each.average for each in outlook.quantiles])
    curve = np.polynomial.Polynomial.fit(scale, logarithms, min(3, len(scale) - 1))
    edges = np.array([normal.inv_cdf((step + 0.5) / _SAMPLES) for step in range(_SAMPLES)])
    at: Numbers = np.exp(curve(edges[np.abs(edges) <= _OUTERMOST]))
    known = np.array([point.average for point in outlook.payoff])
    house = np.array([point.house for point in outlook.payoff])
    return _straight(at, known, house)


def _straight(at: Numbers, known: Numbers, figures: Numbers) -> Numbers:
    """Go along straight lines between points, and straight on beyond the first and the last."""
    inner: Numbers = np.interp(at, known, figures)
    first = (figures[1] - figures[0]) / (known[1] - known[0])
    last = (figures[-1] - figures[-2]) / (known[-1] - known[-2])
    inner = np.where(at < known[0], figures[0] + first * (at - known[0]), inner)
    beyond: Numbers = np.where(at > known[-1], figures[-1] + last * (at - known[-1]), inner)
    return beyond


def _draw_bars(axes: Axes, profits: Numbers, outlook: Outlook) -> float:
    """Draw bars that begin at zero in both directions; those with the worst 1 % are red."""
    width = (float(profits.max()) - float(profits.min())) / _BINS or 1.0
    first, last = np.floor(profits.min() / width), np.floor(profits.max() / width) + 1
    edges = np.arange(first, last + 1) * width
    counts, _ = np.histogram(profits, bins=edges)
    percent = 100.0 * counts / _SAMPLES
    tail = -outlook.var_99 + 1e-9
    colours = [RED if x <= tail else FAINT if x < -width / 2 else BLUE for x in edges[:-1]]
    axes.bar(edges[:-1] + width / 2, percent, width=0.92 * width, color=colours, alpha=0.85)
    highest = int(percent.argmax())
    if percent[highest] >= _LUMP:
        axes.annotate(
            f"{percent[highest]:.0f} %",
            xy=(edges[highest] + width / 2, percent[highest]),
            xytext=(9, -2),
            textcoords="offset points",
            va="top",
            fontsize=9,
            color=colours[highest],
        )
    return float(percent.max())


def _explain_colours(axes: Axes, outlook: Outlook) -> None:
    """Say what bars of each colour are, above them."""
    loses = 100 * outlook.probability_of_loss
    patches = [
        Patch(color=BLUE, label=f"no loss, {100 - loses:.1f} %"),
        Patch(color=FAINT, label=f"loss, {loses:.1f} %"),
        Patch(color=RED, label="at VaR 99 or worse"),
    ]
    above = (-0.01, 1.0)
    axes.legend(
        handles=patches,
        loc="lower left",
        bbox_to_anchor=above,
        ncols=3,
        frameon=False,
        fontsize=9.5,
    )


def _draw_marks(axes: Axes, outlook: Outlook, highest: float) -> None:
    # A label that leads away from zero does not lie on its line.
    away = "right" if outlook.expected < 0.0 else "left"
    axes.axvline(0.0, color=INK, linewidth=0.9, zorder=3)
    left, right = axes.get_xlim()
    crowded = 0.0 <= outlook.expected + outlook.var_99 < _CLOSE * (right - left)
    marks = (
        (-outlook.cvar_99, "CVaR 99", RED, 1.07, "right"),
        (-outlook.var_99, "VaR 99", RED, 1.17, "right" if crowded else "left"),
        (outlook.expected, "expected", GREEN, 1.29, away),
    )
    for place, label, colour, height, side in marks:
        axes.vlines(place, 0.0, height * highest, color=colour, linewidth=1.4, zorder=4)
        axes.annotate(
            f"{label} {to_fen(place)}",
            xy=(place, height * highest),
            xytext=(5 if side == "left" else -5, 0),
            textcoords="offset points",
            ha=side,
            va="center",
            fontsize=9.5,
            fontweight="bold",
            color=colour,
        )
    left, right = axes.get_xlim()
    axes.set_xlim(min(left, -outlook.cvar_99 - 0.16 * (right - left)), right)
