"""The first chapter: customers, tariffs, contracts, prices and scheme, each by the right role."""

from dataclasses import dataclass
from pathlib import Path

from clients.cli.commands.month import open_books_with
from clients.cli.demo.cast import Cast, Person
from clients.cli.demo.steps import Steps
from clients.cli.errors import InputRefused
from clients.cli.incentive_runs import IncentiveRuns
from clients.cli.loading import market, masters
from clients.cli.records import Row, read_rows, read_yaml


@dataclass(frozen=True, slots=True)
class Group:
    """The files of the sample group."""

    folder: Path

    def file(self, name: str) -> Path:
        """Find one of its files.

        Raises:
            InputRefused: it is not there.
        """
        found = self.folder / name
        if not found.is_file():
            raise InputRefused(f"{found} is not there; give the samples' folder by --samples")
        return found

    def text(self, key: str, *, of: str = "group.yaml") -> str:
        """Read one word of a YAML file, such as the first month."""
        return str(read_yaml(self.file(of)).get(key, ""))

    def rows_of_month(self, name: str, month: str) -> list[Row]:
        """Read the rows of a file of trades that are dated in a month."""
        rows = read_rows(self.file(name))
        return [row for row in rows if str(row.record.get("trade_date", "")).startswith(month)]


def load_group(group: Group, cast: Cast, steps: Steps) -> None:
    """Open the books and load all that stands before any trade."""
    open_books_with(cast.acting(Person.CONTROLLER), group.text("first_month"))
    steps.done(f"the books open with {group.text('first_month')}", Person.CONTROLLER)
    customers = read_rows(group.file("group.yaml"), under="customers")
    steps.loaded(masters.load_customers(cast.acting(Person.ADMIN), customers), Person.ADMIN)
    scales = read_rows(group.file("scales.csv"))
    steps.loaded(masters.load_scales(cast.acting(Person.OPERATOR), scales), Person.OPERATOR)
    _load_prices(group, cast, steps)
    _load_tariffs(group, cast, steps)
    _load_contracts(group, cast, steps)
    _load_scheme(group, cast, steps)


def _load_prices(group: Group, cast: Cast, steps: Steps) -> None:
    analyst = cast.acting(Person.ANALYST)
    for row in read_rows(group.file("prices/series.yaml"), under="price_series"):
        record = dict(row.record)
        file, source = (str(record.pop(key, "")) for key in ("file", "source"))
        created = market.create_price_series(analyst, record)
        prices = read_rows(group.file(f"prices/{file}"))
        series = created.names[0]
        loaded = market.load_prices(analyst, prices, series=series, source=source)
        steps.loaded(loaded, Person.ANALYST)


def _load_tariffs(group: Group, cast: Cast, steps: Steps) -> None:
    rows = read_rows(group.file("fee_schedules.yaml"), under="fee_schedules")
    analyst = cast.acting(Person.ANALYST)
    steps.loaded(masters.load_fee_schedules(analyst, rows), Person.ANALYST)
    drafted = masters.load_fee_revisions(analyst, rows)
    steps.loaded(drafted, Person.ANALYST)
    approved = masters.approve_fee_revisions(cast.acting(Person.DIRECTOR), drafted.names)
    steps.loaded(approved, Person.DIRECTOR)


def _load_contracts(group: Group, cast: Cast, steps: Steps) -> None:
    rows = read_rows(group.file("contracts.yaml"), under="contracts")
    drafted = masters.load_contracts(cast.acting(Person.OPERATOR), rows)
    steps.loaded(drafted, Person.OPERATOR)
    approved = masters.approve_contracts(cast.acting(Person.CONTROLLER), drafted.names)
    steps.loaded(approved, Person.CONTROLLER)


def _load_scheme(group: Group, cast: Cast, steps: Steps) -> None:
    hr = cast.acting(Person.HR)
    drafted = masters.load_scheme(hr, group.file("scheme.yaml"))
    steps.loaded(drafted, Person.HR)
    people = masters.read_assignments(group.file("scheme.yaml"))
    steps.loaded(masters.load_assignments(hr, people), Person.HR)
    for name in drafted.names:
        IncentiveRuns(cast.acting(Person.DIRECTOR)).approve_scheme(name)
        steps.done(f"{name} approved", Person.DIRECTOR)
