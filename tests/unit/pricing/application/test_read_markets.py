"""What the market of a kind is taken to be, from what is said and from the series."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import InstrumentKind
from services.pricing.application.ports import PointOrigin
from services.pricing.application.read_markets import MarketRead, ReadMarkets
from services.pricing.domain.portfolio.asked import AskedMarket
from services.pricing.domain.price_point import DayFigures, PriceQuality
from services.pricing.domain.price_series import PriceSeries, QuotedInstrument
from tests.fakes.pricing import MemoryPricePoints, MemoryPriceSeries

DAY, MOMENT = date(2025, 6, 30), datetime(2025, 7, 1, tzinfo=UTC)


def read(days_of: dict[str, int]) -> MarketRead:
    """Read the market of allowances where composites have so many closes up to the day."""
    catalogue, points = MemoryPriceSeries(), MemoryPricePoints()
    for number, (name, count) in enumerate(days_of.items()):
        series = PriceSeriesName(f"priceSeries/{name}")
        catalogue.add(
            PriceSeries(
                name=series, instrument=QuotedInstrument(InstrumentKind.CEA), venue="cneeex"
            )
        )
        figures = [
            DayFigures(
                date=DAY - timedelta(days=back),
                close=Decimal(80 + number) + Decimal(back % 3),
                quality=PriceQuality.FINAL,
            )
            for back in range(count)
        ]
        points.add_versions(series, figures, origin=PointOrigin("test", MOMENT))
    return ReadMarkets(series=catalogue, points=points)(
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
