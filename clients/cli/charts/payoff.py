"""What a promise pays at every average price: to the house, and to the customer."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes

from clients.cli.charts.figures import PayoffPoint, PayoffTerms
from clients.cli.charts.paper import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    PER_TONNE,
    RED,
    paper,
    signed,
    tidy,
)


def draw_payoff(path: Path, *, terms: PayoffTerms, points: Sequence[PayoffPoint]) -> None:
    """Draw what the house earns, and beside it what the customer pays or gets."""
    kind = "purchase" if terms.is_purchase else "sale"
    subtitle = (
        f"{terms.name}: {kind} promised at {terms.promised:,.2f} CNY a tonne; {terms.sharing}"
    )
    with paper(path, title="Payoff of a promise", subtitle=subtitle) as figure:
        left, right = figure.subplots(1, 2)
        _draw_house(tidy(left), terms, points)
        _draw_customer(tidy(right, grid="both"), terms, points)
        for axes in (left, right):
            axes.set_xlabel(f"average price, {PER_TONNE}")
            axes.set_xlim(points[0].average, points[-1].average)
        _mark_promise(left, terms, side="left" if terms.is_purchase else "right")
        _mark_promise(right, terms, side="right")


def _draw_house(axes: Axes, terms: PayoffTerms, points: Sequence[PayoffPoint]) -> None:
    averages = [point.average for point in points]
    house = [point.house for point in points]
    gains = [max(0.0, figure) for figure in house]
    losses = [min(0.0, figure) for figure in house]
    axes.fill_between(averages, gains, color=GREEN, alpha=0.14, linewidth=0)
    axes.fill_between(averages, losses, color=RED, alpha=0.12, linewidth=0)
    axes.axhline(0.0, color=INK, linewidth=0.8)
    axes.plot(averages, house, color=INK, linewidth=2.0)
    axes.set_title("The house earns", loc="left", fontsize=11, fontweight="bold")
    axes.set_ylabel(PER_TONNE)
    axes.margins(y=0.12)
    signed(axes)
    gain_side, loss_side = ("left", "right") if terms.is_purchase else ("right", "left")
    if any(gains):
        _beside_zero(axes, gain_side, "gain", GREEN, above=True)
    if any(losses):
        _beside_zero(axes, loss_side, "loss", RED, above=False)


def _draw_customer(axes: Axes, terms: PayoffTerms, points: Sequence[PayoffPoint]) -> None:
    averages = [point.average for point in points]
    customer = [point.customer for point in points]
    axes.plot(averages, customer, color=BLUE, linewidth=2.2, label="with the promise")
    axes.plot(
        averages,
        averages,
        color=FAINT,
        linewidth=1.3,
        linestyle=(0, (4, 3)),
        label="without",
        zorder=1,
    )
    verb = "pays" if terms.is_purchase else "gets"
    axes.set_title(f"The customer {verb}", loc="left", fontsize=11, fontweight="bold")
    axes.set_ylabel(PER_TONNE)
    axes.margins(y=0.08)
    axes.legend(loc="upper left", fontsize=9.5, facecolor="white", edgecolor="none", framealpha=1.0)


def _mark_promise(axes: Axes, terms: PayoffTerms, *, side: str) -> None:
    axes.axvline(terms.promised, color=FAINT, linewidth=1.0, linestyle=(0, (2, 2)), zorder=1)
    axes.annotate(
        f"promised {terms.promised:,.2f}",
        xy=(terms.promised, 0.025),
        xycoords=axes.get_xaxis_transform(),
        xytext=(-5 if side == "left" else 5, 0),
        textcoords="offset points",
        ha="right" if side == "left" else "left",
        va="bottom",
        fontsize=9,
        color=FAINT,
    )


def _beside_zero(axes: Axes, side: str, text: str, colour: str, *, above: bool) -> None:
    """Write into the filled part, next to the zero line, where it is farthest from the payoff."""
    axes.annotate(
        text,
        xy=(0.03 if side == "left" else 0.97, 0.0),
        xycoords=axes.get_yaxis_transform(),
        xytext=(0, 7 if above else -7),
        textcoords="offset points",
        ha=side,
        va="bottom" if above else "top",
        color=colour,
        fontsize=9.5,
        fontweight="bold",
    )
