"""A price series: what is quoted, where, and what may be done with the quotes."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import Instrument, InstrumentKind


@dataclass(frozen=True, slots=True)
class QuotedInstrument:
    """What a series quotes: one instrument, or a composite of all vintages or projects of a kind.

    ``vintage`` None means every vintage together; an empty ``project`` every project together.
    """

    kind: InstrumentKind
    vintage: int | None = None
    project: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSeries:
    """A series of daily prices in CNY per tonne."""

    name: PriceSeriesName
    instrument: QuotedInstrument
    venue: str
    license_note: str = ""


def series_quoting(instrument: Instrument, offered: Iterable[PriceSeries]) -> PriceSeries | None:
    """Choose the series of an instrument: its own, else its project's, else that of its kind.

    Among several of one instrument the first by name; None where nothing quotes it.
    """
    named = sorted(offered, key=lambda series: series.name)
    for quoted in (
        QuotedInstrument(instrument.kind, instrument.vintage, instrument.project),
        QuotedInstrument(instrument.kind, None, instrument.project),
        QuotedInstrument(instrument.kind, instrument.vintage),
        QuotedInstrument(instrument.kind),
    ):
        for series in named:
            if series.instrument == quoted:
                return series
    return None
