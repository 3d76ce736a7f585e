"""Options that several commands share, and how composed ones are written."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NoReturn

import typer

from clients.cli.messages import BadField, Record, SomeMessage, fill

EARLIEST_DAY, LATEST_DAY = "2000-01-01", "2100-01-01"
"""Before and after whatever is kept: the ends of a span that is left open."""
_SHORTER = {
    "date_range.start_date": "--start",
    "date_range.end_date": "--end",
    "as_of_date": "--as-of",
    "windows[": "--window",
    "tiers[": "--tier",
    "gain_share_tiers[": "--share",
    "months[": "--fill",
}
"""Options that are shorter than the fields they fill."""
MonthArgument = Annotated[str, typer.Argument(metavar="MONTH", help="A month, such as 2025-03.")]
CustomerOption = Annotated[
    str, typer.Option(metavar="NAME", help="Only of this customer, such as customers/hanchuan.")
]
MonthOption = Annotated[str, typer.Option(metavar="MONTH", help="Only of this month, 2025-03.")]


def usage(message: str, option: str = "") -> NoReturn:
    """Refuse the way a command was written; ends with exit code 2."""
    raise typer.BadParameter(message, param_hint=option or None)


def from_options(message: SomeMessage, record: Record, *, option: str = "") -> SomeMessage:
    """Read options into a message; what is wrong with one is a usage error that names it.

    ``option`` is where all of the record came from, if it came from one.
    """
    try:
        return fill(message, record)
    except BadField as wrong:
        usage(wrong.description, option or _option_of(wrong.path))


def _option_of(path: str) -> str:
    """Name the option that a field was given by: a few are shorter than their fields."""
    for field, option in _SHORTER.items():
        if path.startswith(field):
            return option
    return f"--{path.replace('_', '-')}"


def parts(text: str, names: Sequence[str], option: str) -> dict[str, str]:
    """Take ``5000000:0.30`` apart by names; an empty part is left out.

    Raises:
        typer.BadParameter: there are more parts than names, or too few.
    """
    given = text.split(":")
    required = [name for name in names if not name.endswith("?")]
    if not len(required) <= len(given) <= len(names):
        form = "".join(
            f"[:{name[:-1]}]" if name.endswith("?") else f":{name}" for name in names
        ).removeprefix(":")
        usage(f"{text!r} is not of the form {form}", option)
    plain_names = [name.removesuffix("?") for name in names]
    return {name: part for name, part in zip(plain_names, given, strict=False) if part}


def days(start: str, end: str) -> dict[str, str]:
    """Write a half-open span of days; nothing where neither is given."""
    return {name: day for name, day in (("start_date", start), ("end_date", end)) if day}


def span(start: str, end: str) -> dict[str, object]:
    """A ``date_range`` for a request: one day alone leaves the other end open; none, no span."""
    if not (start or end):
        return {}
    return {"date_range": days(start or EARLIEST_DAY, end or LATEST_DAY)}


def today() -> str:
    """Today, for reports as of a date."""
    return date.today().isoformat()  # noqa: DTZ011 - the reader's own calendar day
