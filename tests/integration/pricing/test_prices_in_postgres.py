"""Imported prices: published facts, invented series, corrections, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from unittest.mock import Mock

import grpc
import pytest
import sqlalchemy as sa
from google.type.decimal_pb2 import Decimal as WireDecimal
from tanheng.pricing.v1 import price_service_pb2 as wire

from services.kernel.authority import SYSTEM
from services.kernel.errors import AlreadyExists, NotFound
from services.pricing.domain.average_price import PriceMissing
from services.runtime.unit_of_work import acting_as, current_connection
from services.wire.money import from_wire_money
from tests.builders.price_requests import (
    day_range,
    import_request,
    price_row,
    published_row,
    read_csv,
    series_request,
    yuan,
)
from tests.integration.pricing.conftest import Pricing
from tests.support.tampering import assert_refused, copy_of

VWAP, TWAP = wire.AVERAGE_KIND_VWAP, wire.AVERAGE_KIND_TWAP
CALL = Mock(spec=grpc.ServicerContext)  # servicers never look at it


def new_series(pricing: Pricing, kind: str = "CEA") -> str:
    return pricing.prices.CreatePriceSeries(series_request(kind), CALL).name


def imported(pricing: Pricing, series: str, rows: list[wire.PriceRow]) -> wire.ImportPricesResponse:
    return pricing.prices.ImportPrices(import_request(series, rows), CALL)


def average(
    pricing: Pricing, series: str, start: str, end: str, kind: wire.AverageKind.ValueType = VWAP
) -> wire.ComputeAverageResponse:
    request = wire.ComputeAverageRequest(series=series, date_range=day_range(start, end), kind=kind)
    return pricing.prices.ComputeAverage(request, CALL)


def day(date: str, close: str, **cells: str) -> wire.PriceRow:
    return price_row({"date": date, "close": close, **cells})


@pytest.mark.parametrize(
    ("kind", "tonnes", "amount", "vwap"),
    [
        ("CEA", 1_084_151, "79775799.10", "73.58366"),
        ("CCER", 103_003, "8965757.00", "87.043649"),
    ],
)
def test_averages_the_published_week_to_the_fen(
    pricing: Pricing, kind: str, tonnes: int, amount: str, vwap: str
) -> None:
    series = new_series(pricing, kind)
    week = read_csv("published/published_week_2025-06-30.csv")
    rows = [published_row(cells) for cells in week if cells["instrument"] == kind]
    answer = imported(pricing, series, rows)
    assert (answer.accepted_count, list(answer.rejections)) == (5, [])
    mean = average(pricing, series, "2025-06-30", "2025-07-05")
    assert (mean.volume_tonnes, mean.amount) == (tonnes, yuan(amount))
    assert mean.average.value == vwap
    assert (mean.day_count, list(mean.missing_dates)) == (5, [])
    assert mean.lowest_quality == wire.PRICE_QUALITY_FINAL


@pytest.mark.parametrize(
    "year", [row for row in read_csv("published/published_years.csv") if row["amount_cny"]]
)
def test_divides_the_published_years_as_they_are_published(
    pricing: Pricing, year: dict[str, str]
) -> None:
    series = new_series(pricing, year["instrument"])
    last_day = {"2022": "12-30", "2023": "12-29"}.get(year["year"], "12-31")
    whole = day(
        f"{year['year']}-{last_day}",
        year["vwap_cny"],
        volume_tonnes=year["volume_tonnes"],
        amount=year["amount_cny"],
    )
    assert imported(pricing, series, [whole]).accepted_count == 1
    mean = average(pricing, series, f"{year['year']}-01-01", f"{int(year['year']) + 1}-01-01")
    shown = Decimal(mean.average.value).quantize(Decimal("0.01"))
    assert shown == Decimal(year["vwap_cny"])


@pytest.mark.parametrize(("file", "kind"), [("cea-composite", "CEA"), ("ccer-composite", "CCER")])
def test_accepts_every_invented_day(pricing: Pricing, file: str, kind: str) -> None:
    series = new_series(pricing, kind)
    rows = [price_row(cells) for cells in read_csv(f"group/prices/{file}.csv")]
    answer = imported(pricing, series, rows)
    assert (answer.accepted_count, list(answer.rejections)) == (265, [])
    year = average(pricing, series, "2025-01-01", "2026-01-01", TWAP)
    assert (year.day_count, list(year.missing_dates)) == (243, [])


def test_runs_through_the_published_monthly_means(pricing: Pricing) -> None:
    series = new_series(pricing)
    rows = [price_row(cells) for cells in read_csv("group/prices/cea-composite.csv")]
    imported(pricing, series, rows)
    published = ["94.70", "91.36", "87.90", "80.87", "69.90", "71.51", "73.57", "71.12"]
    published += ["62.51", "53.94", "59.87", "63.27"]
    for month, mean in enumerate(published, start=1):
        end = f"2025-{month + 1:02d}-01" if month < 12 else "2026-01-01"
        answer = average(pricing, series, f"2025-{month:02d}-01", end, TWAP)
        assert Decimal(answer.average.value) == Decimal(mean)
    year = average(pricing, series, "2025-01-01", "2026-01-01", TWAP)
    assert round(Decimal(year.average.value), 2) == Decimal("73.18")


def test_enters_good_rows_and_names_bad_ones(pricing: Pricing) -> None:
    series = new_series(pricing)
    unreadable = wire.PriceRow(close=WireDecimal(value="abc"))
    unreadable.date.year = 2025
    rows = [
        day("2025-06-30", "73.06"),
        day("2025-07-01", "90.00"),
        day("2025-07-05", "74.00"),
        unreadable,
        day("2025-07-02", "74.00", low="73.50", high="75.00", volume_tonnes="0"),
    ]
    answer = imported(pricing, series, rows)
    assert answer.accepted_count == 2
    named = [(issue.row, issue.field, issue.reason) for issue in answer.rejections]
    assert named == [
        (1, "close", "MOVE_BEYOND_LIMIT"),
        (2, "date", "NOT_A_TRADING_DAY"),
        (3, "close", "NOT_A_NUMBER"),
        (3, "date", "NOT_A_DATE"),
        (3, "quality", "QUALITY_MISSING"),
    ]
    warned = [(issue.row, issue.reason) for issue in answer.warnings]
    assert warned == [(0, "NO_PREVIOUS_CLOSE"), (4, "STALE")]


def test_measures_the_first_day_of_a_batch_from_the_series(pricing: Pricing) -> None:
    series = new_series(pricing)
    imported(pricing, series, [day("2021-07-16", "51.23")])
    for close, accepted in [("46.10", 0), ("56.36", 0), ("56.35", 1), ("46.11", 1)]:
        answer = imported(pricing, series, [day("2021-07-19", close)])
        assert answer.accepted_count == accepted


def test_keeps_every_version_and_answers_as_known(pricing: Pricing) -> None:
    series = new_series(pricing)
    first = imported(pricing, series, [day("2025-07-01", "74.00")])
    again = imported(pricing, series, [day("2025-07-01", "74.00")])
    imported(pricing, series, [day("2025-07-01", "74.22")])
    assert (again.accepted_count, again.already_recorded_count) == (1, 1)
    request = wire.ListPricePointsRequest(series=series)
    (now,) = pricing.prices.ListPricePoints(request, CALL).price_points
    request.known_at.CopyFrom(first.recorded_at)
    (then,) = pricing.prices.ListPricePoints(request, CALL).price_points
    assert (now.close.value, now.version) == ("74.22", 2)
    assert (then.close.value, then.version) == ("74", 1)


def test_shows_a_day_as_it_was_reported(pricing: Pricing) -> None:
    series = new_series(pricing)
    cells = read_csv("group/prices/cea-composite.csv")[0]
    imported(pricing, series, [price_row(cells)])
    request = wire.ListPricePointsRequest(series=series)
    (point,) = pricing.prices.ListPricePoints(request, CALL).price_points
    assert Decimal(point.low.value) == Decimal(cells["low"])
    assert point.block_volume_tonnes == int(cells["block_volume_tonnes"])
    assert from_wire_money(point.amount, "amount").amount == Decimal(cells["amount"])
    assert (point.source, point.stale) == ("a test", False)


def test_pages_through_days(pricing: Pricing) -> None:
    series = new_series(pricing)
    cells = read_csv("group/prices/ccer-composite.csv")[:7]
    imported(pricing, new_series(pricing, "CCER"), [price_row(row) for row in cells])
    imported(pricing, series, [price_row(row) for row in cells])
    request = wire.ListPricePointsRequest(series=series, page_size=3)
    seen: list[int] = []
    while True:
        page = pricing.prices.ListPricePoints(request, CALL)
        seen.append(len(page.price_points))
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert seen == [3, 3, 1]


def test_says_what_is_missing(pricing: Pricing) -> None:
    series = new_series(pricing)
    with pytest.raises(PriceMissing):
        average(pricing, series, "2025-07-01", "2025-07-05")
    with pytest.raises(NotFound):
        average(pricing, "priceSeries/nowhere", "2025-07-01", "2025-07-05")
    imported(pricing, series, [day("2025-07-01", "74.22")])
    mean = average(pricing, series, "2025-06-30", "2025-07-03", TWAP)
    assert [(missing.month, missing.day) for missing in mean.missing_dates] == [(6, 30), (7, 2)]


def test_opens_a_series_once_and_finds_it_again(pricing: Pricing) -> None:
    request = series_request(series_id="once")
    created = pricing.prices.CreatePriceSeries(request, CALL)
    with pytest.raises(AlreadyExists):
        pricing.prices.CreatePriceSeries(request, CALL)
    found = pricing.prices.GetPriceSeries(wire.GetPriceSeriesRequest(name=created.name), CALL)
    listed = pricing.prices.ListPriceSeries(wire.ListPriceSeriesRequest(page_size=1000), CALL)
    assert found == created
    assert found in listed.price_series


def test_never_changes_a_point(pricing: Pricing) -> None:
    imported(pricing, new_series(pricing), [day("2025-07-01", "74.22")])
    for change in ("UPDATE pricing.price_points SET close = 1", "DELETE FROM pricing.price_points"):
        with pytest.raises(sa.exc.DBAPIError), pricing.unit_of_work():
            current_connection().execute(sa.text(change))


@pytest.mark.parametrize(
    "changes", [{"version": 7}, {"version": 2, "recorded_at": "2000-01-01", "close": 1}]
)
def test_takes_no_version_that_would_change_what_was_known(
    pricing: Pricing, module_database: str, changes: dict[str, object]
) -> None:
    imported(pricing, new_series(pricing), [day("2025-07-01", "74.22")])
    version = copy_of("pricing.price_points", {**changes, "low": None}, where="version = 1")
    assert_refused(module_database, version, match="does not follow")


def test_numbers_versions_one_after_another_when_many_import_at_once(pricing: Pricing) -> None:
    series = new_series(pricing)
    closes = [f"74.{cent:02d}" for cent in range(8)]

    def correct(close: str) -> None:
        with acting_as(SYSTEM):
            imported(pricing, series, [day("2025-07-01", close)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(correct, closes))
    request = wire.ListPricePointsRequest(series=series)
    (point,) = pricing.prices.ListPricePoints(request, CALL).price_points
    assert point.version == 8
