"""How far a break-even price moves, had volatility and drift been others."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes

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
_FAR = 1.5
"""A promise so many heights of the band away would flatten it, so it is only named."""
_NEAR = 0.05
"""Points so near beside each other, as a part of the width, share one label."""


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
        volatilities = _labelled(sorted({point.volatility for point in points}))
        axes.set_xticks(volatilities, [f"{round(100 * each, 1):g} %" for each in volatilities])
        axes.set_xlabel("volatility a year")
        axes.set_ylabel(f"break-even price, {PER_TONNE}")
        axes.margins(x=0.04, y=0.1)


def _draw_lines(axes: Axes, points: Sequence[BandPoint], promised: float) -> None:
    drifts = sorted({point.drift for point in points})
    lines = [sorted((p.volatility, p.price) for p in points if p.drift == d) for d in drifts]
    prices = [price for line in lines for _, price in line]
    lowest, highest = min(prices), max(prices)
    far = _FAR * max(highest - lowest, 1e-6)
    edge = min(max(promised, lowest - 0.05 * far), highest + 0.05 * far)
    is_near = lowest - far <= promised <= highest + far
    ends = [*(line[-1][1] for line in lines), promised if is_near else edge]
    reach = max(*prices, ends[-1]) - min(*prices, ends[-1])
    places = apart(ends, least=max(0.06 * reach, 1e-6))
    if len(lines) > 1 and len(lines[0]) == len(lines[-1]):
        volatilities = [volatility for volatility, _ in lines[0]]
        low, high = ([price for _, price in line] for line in (lines[0], lines[-1]))
        axes.fill_between(volatilities, low, high, color=BLUE, alpha=0.06, linewidth=0)
    for index, (drift, line) in enumerate(zip(drifts, lines, strict=True)):
        colour = _COLOURS[index % len(_COLOURS)]
        xs, ys = zip(*line, strict=True)
        axes.plot(xs, ys, color=colour, linewidth=2.0, marker="o", markersize=5)
        shown = _labelled(list(xs))
        for volatility, price in (point for point in line if point[0] in shown):
            axes.annotate(
                f"{price:,.2f}",
                xy=(volatility, price),
                xytext=(0, 8),
                textcoords="offset points",
                ha="center",
                fontsize=8.5,
                color=colour,
                bbox={"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.8},
            )
        _beside(axes, _label(drift), places[index], colour)
    if is_near:
        axes.axhline(promised, linestyle=(0, (3, 3)), linewidth=1.1, color=INK, zorder=1)
        _beside(axes, f"promised {promised:,.2f}", places[-1], INK)
    else:
        way = "above" if promised > highest else "below"
        _beside(axes, f"promised {promised:,.2f}, far {way}", places[-1], INK)


def _labelled(volatilities: list[float]) -> list[float]:
    """Choose what is labelled: of points almost at one place the last."""
    least = _NEAR * (volatilities[-1] - volatilities[0])
    return [
        each
        for each, following in zip(volatilities, [*volatilities[1:], float("inf")], strict=True)
        if following - each > least
    ]


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
