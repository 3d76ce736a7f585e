"""How far a break-even price moves, had volatility and drift been others."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from clients.cli.charts.figures import BandPoint
from clients.cli.charts.paper import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    PER_TONNE,
    VIOLET,
    apart,
    paper,
    tidy,
    with_sign,
)
from clients.cli.errors import InputRefused

_COLOURS = (AMBER, BLUE, GREEN, VIOLET)
_LEAST_POINTS = 2


def draw_band(
    path: Path, *, name: str, own: float, promised: float, points: Sequence[BandPoint]
) -> None:
    """Draw the break-even price over volatility, a line for each drift.

    Raises:
        InputRefused: too few points to draw from.
    """
    if len(points) < _LEAST_POINTS:
        raise InputRefused("the quote has no break-even band to draw")
    subtitle = f"{name}: breaks even at {own:,.2f} CNY a tonne as quoted"
    with paper(path, title="Break-even by volatility and drift", subtitle=subtitle) as figure:
        axes = tidy(figure.subplots(), grid="both")
        _draw_lines(axes, points, promised)
        axes.set_xticks(sorted({point.volatility for point in points}))
        axes.set_xlabel("volatility a year")
        axes.set_ylabel(f"break-even price, {PER_TONNE}")
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.margins(x=0.04, y=0.1)


def _draw_lines(axes: Axes, points: Sequence[BandPoint], promised: float) -> None:
    drifts = sorted({point.drift for point in points})
    lines = [sorted((p.volatility, p.price) for p in points if p.drift == d) for d in drifts]
    prices = [price for line in lines for _, price in line]
    ends = [*(line[-1][1] for line in lines), promised]
    reach = max(*prices, promised) - min(*prices, promised)
    places = apart(ends, least=max(0.06 * reach, 1e-6))
    if len(lines) > 1 and len(lines[0]) == len(lines[-1]):
        volatilities = [volatility for volatility, _ in lines[0]]
        low, high = ([price for _, price in line] for line in (lines[0], lines[-1]))
        axes.fill_between(volatilities, low, high, color=BLUE, alpha=0.06, linewidth=0)
    for index, (drift, line) in enumerate(zip(drifts, lines, strict=True)):
        colour = _COLOURS[index % len(_COLOURS)]
        xs, ys = zip(*line, strict=True)
        axes.plot(xs, ys, color=colour, linewidth=2.0, marker="o", markersize=5)
        for volatility, price in line:
            axes.annotate(
                f"{price:,.2f}",
                xy=(volatility, price),
                xytext=(0, 8),
                textcoords="offset points",
                ha="center",
                fontsize=8.5,
                color=colour,
            )
        _beside(axes, _label(drift), places[index], colour)
    axes.axhline(promised, linestyle=(0, (3, 3)), linewidth=1.1, color=INK, zorder=1)
    _beside(axes, f"promised {promised:,.2f}", places[-1], INK)


def _beside(axes: Axes, text: str, place: float, colour: str) -> None:
    axes.annotate(
        text,
        xy=(1.01, place),
        xycoords=axes.get_yaxis_transform(),
        va="center",
        fontsize=9.5,
        fontweight="bold",
        color=colour,
        annotation_clip=False,
    )


def _label(drift: float) -> str:
    return "no drift" if drift == 0 else f"drift {with_sign(round(100 * drift, 1))} %"
