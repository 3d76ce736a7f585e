"""What all pictures share: paper, ink, colours, and the file at the end."""

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from clients.cli.errors import InputRefused
from clients.cli.output import notices

INK, FAINT, GRID = "#1f2933", "#7b8794", "#e4e7eb"
BLUE, GREEN, RED, AMBER, VIOLET = "#1f5fa8", "#2a7f5f", "#b83a3a", "#c47f17", "#6b4fa0"
NO_FONT = (
    "some letters of a label are boxes: this machine has no font for them;"
    " install one (fonts-noto-cjk on Debian) and draw again"
)
KINDS = {".png", ".svg", ".pdf"}
PER_TONNE = "CNY per tonne"
_DOTS_PER_INCH = 160
_PLAIN_SIZE = 10.0
_LINE = 118
"""So many letters of the plain size are as wide as the paper."""
_LATIN = "DejaVu Sans"
_CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "Heiti SC",
    "SimHei",
)
"""Fonts that write Chinese, of which a machine has one or none; a label may be in Chinese."""


@contextmanager
def paper(
    path: Path, *, title: str, subtitle: str, size: tuple[float, float] = (10.0, 5.8)
) -> Iterator[Figure]:
    """Give an empty figure with its title, and write it to a file at the end.

    Raises:
        InputRefused: the file is of no kind that is drawn, or cannot be written.
    """
    # A font without a bold face is no news for whoever draws; a letter without a font is, below.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    if path.suffix.lower() not in KINDS:
        raise InputRefused(f"{path} is no picture; name it .png, .svg or .pdf")
    with mpl.rc_context(
        {
            "font.family": fonts(),
            "font.size": 10,
            "axes.edgecolor": FAINT,
            "axes.labelcolor": INK,
            "axes.linewidth": 0.8,
            "axes.axisbelow": True,
            "axes.grid": True,
            "grid.color": GRID,
            "grid.linewidth": 0.8,
            "xtick.color": INK,
            "ytick.color": INK,
            "text.color": INK,
            "svg.hashsalt": "tanheng",
        }
    ):
        figure = Figure(figsize=size, layout="constrained")
        figure.get_layout_engine().set(rect=(0.01, 0.01, 0.98, 0.87))  # type: ignore[union-attr,call-arg]  # a constrained engine has it
        figure.text(0.035, 0.955, title, fontsize=15, fontweight="bold", va="center")
        figure.text(0.035, 0.9, subtitle, fontsize=fitting(subtitle), color=FAINT, va="center")
        yield figure
        with warnings.catch_warnings(record=True) as remarks:
            warnings.simplefilter("always")
            _write(figure, path)
        if any("missing from font" in str(remark.message) for remark in remarks):
            notices().print(NO_FONT, style="yellow")


def fitting(line: str) -> float:
    """Choose the size at which a line is no wider than the paper; names may be long."""
    return min(_PLAIN_SIZE, _PLAIN_SIZE * _LINE / max(1, len(line)))


def fonts() -> list[str]:
    """The fonts to look a letter up in: a Latin one, then what this machine has of Chinese ones."""
    there = {font.name for font in font_manager.fontManager.ttflist}
    return [_LATIN, *(name for name in _CHINESE if name in there)]


def _write(figure: Figure, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=_DOTS_PER_INCH, metadata=_undated(path))
    except OSError as wrong:
        raise InputRefused(f"{path} cannot be written: {wrong}") from None


def tidy(axes: Axes, *, grid: str = "y") -> Axes:
    """Leave of the frame what is needed to read a figure off."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=False)
    axes.grid(visible=True, axis=grid)  # type: ignore[arg-type]  # x, y or both
    axes.tick_params(length=3, width=0.8)
    return axes


def signed(axes: Axes) -> None:
    """Write the figures of the upright axis with their sign, zero without."""
    axes.yaxis.set_major_formatter(FuncFormatter(lambda figure, _: with_sign(figure)))


def with_sign(figure: float) -> str:
    """Write a figure with a sign that is as wide as a digit."""
    if abs(figure) < 1e-9:  # noqa: PLR2004 - a zero that was computed
        return "0"
    return f"{'+' if figure > 0 else '−'}{abs(figure):g}"


def to_fen(figure: float) -> str:
    """Write a figure with its sign and two decimals."""
    return f"{figure:+,.2f}".replace("-", "−")


def apart(
    wanted: Sequence[float], *, least: float, within: tuple[float, float] | None = None
) -> list[float]:
    """Move labels that would overlap apart, as little as possible, keeping their order.

    ``within`` is where they have to stay; more than fit there stand as far apart as they can.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    groups: list[tuple[list[int], float]] = []
    for index in order:
        members, centre = [index], wanted[index]
        while groups and centre - least * len(members) / 2 < _top(groups[-1], least):
            before, _ = groups.pop()
            members = before + members
            centre = sum(wanted[each] for each in members) / len(members)
        groups.append((members, centre))
    placed = [0.0] * len(wanted)
    for members, centre in groups:
        for place, index in enumerate(members):
            placed[index] = centre + (place - (len(members) - 1) / 2) * least
    return placed if within is None else _held(placed, order, least, within)


def _held(
    placed: list[float], order: list[int], least: float, within: tuple[float, float]
) -> list[float]:
    """Push what stands outside back in, and its neighbours before it."""
    low, high = within
    step = min(least, (high - low) / max(1, len(order) - 1))
    held = dict(enumerate(placed))
    for rank, index in enumerate(order):
        held[index] = max(held[index], low if rank == 0 else held[order[rank - 1]] + step)
    for rank, index in enumerate(reversed(order)):
        held[index] = min(held[index], high - rank * step)
        if rank:
            held[index] = min(held[index], held[order[len(order) - rank]] - step)
    return [held[index] for index in range(len(placed))]


def _top(group: tuple[list[int], float], least: float) -> float:
    members, centre = group
    return centre + least * len(members) / 2


def _undated(path: Path) -> dict[str, None] | None:
    """Leave the day of drawing out, so that the same figures give the same file."""
    key = {".svg": "Date", ".pdf": "CreationDate"}.get(path.suffix.lower())
    return None if key is None else {key: None}
