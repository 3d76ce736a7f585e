"""Which series prices an instrument, where several can."""

from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import Instrument, InstrumentKind
from services.pricing.domain.price_series import (
    PriceSeries,
    QuotedInstrument,
    series_in_order,
)

CREDIT = Instrument(InstrumentKind.CCER, 2025, "ningde-deep")


def quoting(name: str, quoted: QuotedInstrument) -> PriceSeries:
    return PriceSeries(name=PriceSeriesName(f"priceSeries/{name}"), instrument=quoted, venue="x")


CCER = InstrumentKind.CCER
OFFERED = (
    quoting("a-kind", QuotedInstrument(CCER)),
    quoting("b-kind", QuotedInstrument(CCER)),
    quoting("c-vintage", QuotedInstrument(CCER, 2025)),
    quoting("d-project", QuotedInstrument(CCER, None, "ningde-deep")),
    quoting("e-own", QuotedInstrument(CCER, 2025, "ningde-deep")),
    quoting("f-own", QuotedInstrument(CCER, 2025, "ningde-deep")),
    quoting("g-other-vintage", QuotedInstrument(CCER, 2024)),
    quoting("h-other-project", QuotedInstrument(CCER, 2025, "rudong")),
    quoting("i-allowances", QuotedInstrument(InstrumentKind.CEA)),
)


def names(quoted: QuotedInstrument) -> list[str]:
    ordered = series_in_order(quoted, reversed(OFFERED))
    return [series.name.removeprefix("priceSeries/") for series in ordered]


def test_asks_its_own_series_first_then_its_projects_its_vintages_and_its_kinds() -> None:
    expected = ["e-own", "f-own", "d-project", "c-vintage", "a-kind", "b-kind"]
    assert names(QuotedInstrument.of(CREDIT)) == expected


def test_asks_only_composites_for_a_kind_as_a_whole() -> None:
    assert names(QuotedInstrument(CCER)) == ["a-kind", "b-kind"]
