from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.kernel.errors import NotFound
from services.kernel.identifiers import PriceSeriesName
from services.kernel.page import PageRequest, PageTokenInvalid
from services.kernel.period import Period
from services.pricing.application.compute_average import ComputeAverage
from services.pricing.application.import_prices import ImportPrices
from services.pricing.application.list_price_dependents import ListPriceDependents
from services.pricing.application.list_price_points import ListPricePoints
from services.pricing.domain.average_price import AverageKind
from services.pricing.domain.price_dependent import DependentKind, PriceDependent
from services.pricing.domain.price_point import PriceQuality
from services.pricing.domain.superseded_day import PriceChange
from tests.builders.pricing import CEA, calendar, market, row, series
from tests.fakes.pricing import (
    KnownDependents,
    MemoryPricePoints,
    MemoryPriceSeries,
    SetClock,
    at_once,
)

WEEK = Period(date(2025, 6, 30), date(2025, 7, 5))


class Prices:
    """The verbs about points, on one memory."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.catalogue, points = MemoryPriceSeries(), MemoryPricePoints()
        self.catalogue.add(series())
        self.dependents = KnownDependents()
        self.import_prices = ImportPrices(
            unit_of_work=at_once,
            series=self.catalogue,
            points=points,
            dependents=self.dependents,
            calendar=calendar(),
            market=market(),
            clock=self.clock,
        )
        self.list_points = ListPricePoints(
            unit_of_work=at_once, series=self.catalogue, points=points, clock=self.clock
        )
        self.list_dependents = ListPriceDependents(
            unit_of_work=at_once,
            series=self.catalogue,
            points=points,
            dependents=self.dependents,
            clock=self.clock,
        )
        self.average = ComputeAverage(
            unit_of_work=at_once,
            series=self.catalogue,
            points=points,
            calendar=calendar(),
            clock=self.clock,
        )


@pytest.fixture
def prices() -> Prices:
    return Prices()


def test_records_what_passes_and_names_what_does_not(prices: Prices) -> None:
    rows = [row("2025-06-30", "73.06", number=0), row("2025-07-05", number=1)]
    imported = prices.import_prices(series=CEA, rows=rows, source="a file")
    assert imported.outcome.accepted == 1
    assert [issue.row for issue in imported.outcome.rejections] == [1]
    (point,) = prices.list_points(
        series=CEA, period=None, known_at=None, page=PageRequest(10)
    ).page.items
    assert (point.source, point.version) == ("a file", 1)


def test_holds_the_series_while_it_examines(prices: Prices) -> None:
    prices.import_prices(series=CEA, rows=[row()], source="a file")
    assert prices.catalogue.locked == [CEA]


def test_does_not_double_what_is_there_and_keeps_both_versions_of_a_correction(
    prices: Prices,
) -> None:
    first = prices.import_prices(series=CEA, rows=[row()], source="a file")
    again = prices.import_prices(series=CEA, rows=[row()], source="the same file")
    assert (again.outcome.accepted, again.outcome.repeated) == (1, 1)
    prices.clock.pass_by(timedelta(days=1))
    prices.import_prices(series=CEA, rows=[row(close="74.20")], source="a correction")
    before = prices.average(
        series=CEA, period=WEEK, kind=AverageKind.TWAP, known_at=first.recorded_at
    )
    after = prices.average(series=CEA, period=WEEK, kind=AverageKind.TWAP)
    shown = (before.average.shown, after.average.shown)
    assert shown == (Decimal("74.220000"), Decimal("74.200000"))


def test_refuses_a_series_that_does_not_exist(prices: Prices) -> None:
    nowhere = PriceSeriesName("priceSeries/nowhere")
    with pytest.raises(NotFound):
        prices.import_prices(series=nowhere, rows=[row()], source="a file")
    with pytest.raises(NotFound):
        prices.average(series=nowhere, period=WEEK, kind=AverageKind.TWAP)


def test_pages_through_the_answer_of_the_first_moment(prices: Prices) -> None:
    days = ["2025-06-30", "2025-07-01", "2025-07-02"]
    rows = [row(day, "74.00", number=number) for number, day in enumerate(days)]
    prices.import_prices(series=CEA, rows=rows, source="a file")
    first = prices.list_points(series=CEA, period=WEEK, known_at=None, page=PageRequest(2))
    prices.clock.pass_by(timedelta(hours=1))
    prices.import_prices(series=CEA, rows=[row("2025-07-02", "75.00")], source="later")
    second = prices.list_points(
        series=CEA, period=WEEK, known_at=None, page=PageRequest(2, first.page.next_after)
    )
    assert [point.figures.close for point in second.page.items] == [Decimal("74.00")]
    assert (second.known_at, second.page.next_after) == (first.known_at, None)


@pytest.mark.parametrize("key", [("x", "y"), ("2025-07-01",), ("2025-07-01", "noon")])
def test_refuses_a_key_that_it_never_gave_out(prices: Prices, key: tuple[str, ...]) -> None:
    with pytest.raises(PageTokenInvalid):
        prices.list_points(series=CEA, period=None, known_at=None, page=PageRequest(2, key))


def user(name: str, first: str, end: str) -> PriceDependent:
    return PriceDependent(
        kind=DependentKind.CONTRACT,
        name=name,
        days=Period(date.fromisoformat(first), date.fromisoformat(end)),
        use="settles against it",
        way_out="settle it again",
    )


def test_a_first_import_puts_nothing_in_question(prices: Prices) -> None:
    imported = prices.import_prices(series=CEA, rows=[row("2025-07-01", "74.22")], source="a file")
    assert imported.superseded == ()
    assert prices.dependents.asked == []


def test_names_what_used_a_day_whose_quality_climbs(prices: Prices) -> None:
    provisional = row("2025-07-01", "74.22", quality=PriceQuality.PROVISIONAL)
    prices.import_prices(series=CEA, rows=[provisional, row("2025-07-02", number=1)], source="a")
    prices.dependents.users = [
        user("contracts/b", "2025-07-01", "2025-08-01"),
        user("contracts/a", "2025-01-01", "2026-01-01"),
        user("contracts/later", "2025-07-02", "2025-08-01"),
    ]
    imported = prices.import_prices(series=CEA, rows=[row("2025-07-01", "74.22")], source="b")
    assert [day.change for day in imported.superseded] == [PriceChange.QUALITY_CLIMBED]
    assert [each.name for each in imported.dependents] == ["contracts/a", "contracts/b"]


def test_lists_what_uses_days_that_changed_since_a_moment(prices: Prices) -> None:
    prices.dependents.users = [
        user("contracts/hit", "2025-06-30", "2025-07-02"),
        user("contracts/spared", "2025-07-02", "2025-07-05"),
    ]
    prices.import_prices(
        series=CEA, rows=[row("2025-07-01"), row("2025-07-02", number=1)], source="a"
    )
    settled_at = prices.clock.now()
    prices.clock.pass_by(timedelta(hours=1))
    prices.import_prices(series=CEA, rows=[row("2025-07-01", "74.30")], source="b")
    found = prices.list_dependents(
        series=CEA, period=WEEK, changed_since=settled_at, page=PageRequest(10)
    )
    assert [each.name for each in found.page.items] == ["contracts/hit"]
    assert [day.change for day in found.superseded] == [PriceChange.CORRECTED]


def test_lists_dependents_page_by_page(prices: Prices) -> None:
    names = [f"contracts/c{number}" for number in range(3)]
    prices.dependents.users = [user(name, "2025-06-30", "2025-07-05") for name in names]
    seen, page = [], PageRequest(2)
    while True:
        found = prices.list_dependents(series=CEA, period=WEEK, changed_since=None, page=page).page
        seen += [each.name for each in found.items]
        if found.next_after is None:
            break
        page = PageRequest(2, found.next_after)
    assert seen == names
