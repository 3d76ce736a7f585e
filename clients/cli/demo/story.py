"""The chapters in order."""

import calendar
from pathlib import Path

from clients.cli.demo.cast import Cast
from clients.cli.demo.group import Group, load_group
from clients.cli.demo.published import SALE, compare_published
from clients.cli.demo.quarter import run_incentives, run_month
from clients.cli.demo.show import Results, gather
from clients.cli.demo.steps import Steps
from clients.cli.demo.traded_sale import trade_disclosed_sale

MONTHS = 3


def tell(group: Group, published: Path, cast: Cast, steps: Steps) -> Results:
    """Load the group, run and close its first quarter, and gather what there is to show."""
    steps.headline(group.text("label"))
    load_group(group, cast, steps)
    first = group.text("first_month")
    months = [later(first, count) for count in range(MONTHS)]
    for month in months:
        run_month(group, month, cast, steps)
    scheme = f"schemes/{group.text('scheme_id', of='scheme.yaml')}"
    run = run_incentives(scheme, group.text("cycle", of="scheme.yaml"), cast, steps)
    compared = [
        *compare_published(published, cast, steps),
        *trade_disclosed_sale(published / SALE, later(first, MONTHS), cast, steps),
    ]
    return gather(months[-1], last_day(months[-1]), run, compared, cast)


def later(month: str, count: int) -> str:
    """The month that is so many months later."""
    year, number = (int(part) for part in month.split("-"))
    months = year * 12 + number - 1 + count
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def last_day(month: str) -> str:
    """The last day of a month."""
    year, number = (int(part) for part in month.split("-"))
    return f"{month}-{calendar.monthrange(year, number)[1]:02d}"
