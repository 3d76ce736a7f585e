"""What the market of a kind is taken to be, from what is said and from the series."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from services.kernel.finding import Severity
from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import InstrumentKind
from services.pricing.application.ports import PointOrigin
from services.pricing.application.read_markets import MarketRead, ReadMarkets
from services.pricing.domain.portfolio.asked import AskedMarket
from services.pricing.domain.price_point import DayFigures, PriceQuality
from services.pricing.domain.price_series import PriceSeries, QuotedInstrument
from tests.builders.pricing import calendar
from tests.fakes.pricing import MemoryPricePoints, MemoryPriceSeries

DAY, MOMENT = date(2025, 6, 30), datetime(2025, 7, 1, tzinfo=UTC)


def read(
    days_of: dict[str, int], *, late: dict[str, int] | None = None, carried: bool = False
) -> MarketRead:
    """Read the market of allowances where composites have so many closes up to the day.

    Those that are ``late`` end so many days before; where ``carried`` nothing was traded since.
    """
    catalogue, points = MemoryPriceSeries(), MemoryPricePoints()
    for number, (name, count) in enumerate(days_of.items()):
        series = PriceSeriesName(f"priceSeries/{name}")
        catalogue.add(
            PriceSeries(
                name=series, instrument=QuotedInstrument(InstrumentKind.CEA), venue="cneeex"
            )
        )
        behind = (late or {}).get(name, 0)
        figures = [
            DayFigures(
                date=DAY - timedelta(days=back),
                close=Decimal(80 + number) + Decimal(back % 3),
                quality=PriceQuality.FINAL,
                volume_tonnes=100 if back >= behind else 0,
            )
            for back in range(0 if carried else behind, behind + count)
        ]
        points.add_versions(series, figures, origin=PointOrigin("test", MOMENT))
    return ReadMarkets(series=catalogue, points=points, calendar=calendar())(
        asked=AskedMarket(kind=InstrumentKind.CEA), as_of=DAY, known_at=MOMENT, caller="analyst"
    )


def test_takes_the_first_composite_that_answers() -> None:
    found = read({"a-abandoned": 3, "b-lively": 40, "c-other": 40})
    assert found.market is not None
    assert found.market.series == "priceSeries/b-lively"
    assert found.market.spot == 81
    assert "priceSeries/b-lively" in found.market.spot_source


def test_says_of_the_first_what_is_missing_where_none_answers() -> None:
    found = read({"a-abandoned": 3, "b-empty": 0})
    assert found.market is None
    assert found.missing is not None
    assert found.missing.subject == "priceSeries/a-abandoned"
    assert "2 move(s)" in found.missing.message


def test_says_so_where_no_series_quotes_the_kind() -> None:
    found = read({})
    assert found.missing is not None
    assert "no series quotes all CEA together" in found.missing.message


def test_takes_the_close_of_the_day_of_the_next_composite_before_an_older_one() -> None:
    found = read({"a-late": 40, "b-lively": 40}, late={"a-late": 3})
    assert found.market is not None
    assert found.market.series == "priceSeries/b-lively"
    assert not found.remarks


def test_says_so_where_the_last_close_is_not_of_the_day() -> None:
    found = read({"a-late": 40, "b-later": 40}, late={"a-late": 3, "b-later": 5})
    assert found.market is not None
    assert found.market.series == "priceSeries/a-late"
    (remark,) = found.remarks
    assert (remark.severity, remark.reason) == (Severity.WARNING, "PRICE_STALE")
    assert "2025-06-27" in remark.message
    assert "2025-06-27" in found.market.spot_source


def test_takes_no_close_that_was_only_carried_on() -> None:
    found = read({"a-quiet": 40}, late={"a-quiet": 3}, carried=True)
    assert found.market is not None
    assert "2025-06-27" in found.market.spot_source
    assert [remark.reason for remark in found.remarks] == ["PRICE_STALE"]
    silent = read({"a-silent": 40}, late={"a-silent": 16}, carried=True)
    assert silent.missing is not None
    assert "within 15 days" in silent.missing.message
