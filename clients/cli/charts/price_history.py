"""The history of a price, with what was promised over it."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num

from clients.cli.charts.figures import Close, PromisedSpan
from clients.cli.charts.paper import (
    AMBER,
    BLUE,
    FAINT,
    GREEN,
    INK,
    PER_TONNE,
    RED,
    VIOLET,
    apart,
    paper,
    tidy,
)

_LONGEST_LABEL = 26
_FEW = 14
"""So many days are each named on the axis, and their closes are marked."""
_COLOURS = (RED, VIOLET, GREEN, AMBER)


def draw_price_history(
    path: Path, *, name: str, closes: Sequence[Close], promises: Sequence[PromisedSpan] = ()
) -> None:
    """Draw closes by day, tonnes below them, and every promise as a level over its window."""
    first, last = closes[0].day, closes[-1].day
    subtitle = f"daily close of {name}, {first:%d %b %Y} to {last:%d %b %Y}"
    traded = [close for close in closes if close.kilotonnes is not None]
    ratios = [4, 1] if traded else [1]
    with paper(path, title="Price and promises", subtitle=subtitle) as figure:
        panels = figure.subplots(len(ratios), 1, sharex=True, height_ratios=ratios, squeeze=False)
        top = tidy(panels[0][0])
        _draw_closes(top, closes)
        beside = timedelta(days=max(1, (last - first).days // 60))
        shown = (first - beside, last + beside)
        _draw_promises(top, promises, start=shown[0], end=shown[1])
        top.set_ylabel(PER_TONNE)
        if traded:
            _draw_tonnes(tidy(panels[1][0]), traded)
        lowest = panels[-1][0]
        _name_days(lowest.xaxis, [close.day for close in closes])
        lowest.set_xlim(_place(shown[0]), _place(shown[1]))


def _name_days(axis: Axis, days: Sequence[date]) -> None:
    """Name every one of a few days; of many, months and years."""
    if len(days) <= _FEW:
        axis.set_ticks([_place(day) for day in days], [f"{day:%d %b}" for day in days])
        return
    locator = AutoDateLocator(maxticks=12)  # type: ignore[no-untyped-call]
    axis.set_major_locator(locator)
    axis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def _draw_closes(axes: Axes, closes: Sequence[Close]) -> None:
    days = [_place(close.day) for close in closes]
    marker = "o" if len(closes) <= _FEW else ""
    prices = [close.price for close in closes]
    axes.plot(days, prices, color=BLUE, linewidth=1.6, marker=marker, markersize=4, zorder=3)
    open_still = [close for close in closes if not close.is_final]
    if open_still:
        axes.plot(
            [_place(close.day) for close in open_still],
            [close.price for close in open_still],
            linestyle="none",
            marker="o",
            markersize=4,
            markerfacecolor="white",
            markeredgecolor=BLUE,
            zorder=4,
            label="not final",
        )
        axes.legend(frameon=False, loc="upper right", fontsize=9)


def _draw_promises(axes: Axes, promises: Sequence[PromisedSpan], *, start: date, end: date) -> None:
    """Draw each promise in a colour of its own; its label stands beside the picture."""
    shown = [each for each in promises if each.start <= end and each.end > start]
    if not shown:
        return
    prices = [each.price for each in shown]
    low, high = axes.get_ylim()
    low, high = min(low, *prices), max(high, *prices)
    margin = 0.04 * (high - low)
    axes.set_ylim(low - margin, high + margin)
    places = apart(prices, least=0.075 * (high - low), within=(low, high - 0.05 * (high - low)))
    axes.annotate(
        "promised",
        xy=(1.015, max(places) + 0.09 * (high - low)),
        xycoords=axes.get_yaxis_transform(),
        color=FAINT,
        fontsize=9,
        va="center",
        annotation_clip=False,
    )
    for index, (each, place) in enumerate(zip(shown, places, strict=True)):
        colour = _COLOURS[index % len(_COLOURS)]
        left, right = _place(max(each.start, start)), _place(min(each.end, end))
        axes.hlines(each.price, left, right, color=colour, linewidth=2.2, zorder=2)
        axes.annotate(
            f"{each.price:,.2f}  {_short(each.label)}",
            xy=(1.0, each.price),
            xytext=(1.015, place),
            xycoords=axes.get_yaxis_transform(),
            textcoords=axes.get_yaxis_transform(),
            color=colour,
            fontsize=9,
            va="center",
            annotation_clip=False,
        )


def _draw_tonnes(axes: Axes, traded: Sequence[Close]) -> None:
    days = [_place(close.day) for close in traded]
    axes.bar(days, [close.kilotonnes or 0.0 for close in traded], width=1.0, color=FAINT)
    axes.set_ylabel("1,000 t", color=INK)
    axes.yaxis.set_major_formatter(lambda figure, _: f"{figure:,.0f}")


def _place(day: date) -> float:
    return float(date2num(day))  # type: ignore[no-untyped-call]


def _short(label: str) -> str:
    label = label.removeprefix("contracts/")
    if len(label) <= _LONGEST_LABEL:
        return label
    # Names differ at their ends as often as at their beginnings.
    half = _LONGEST_LABEL // 2
    return f"{label[: half - 1]}…{label[-half:]}"
