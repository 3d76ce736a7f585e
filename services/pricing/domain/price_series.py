"""A price series: what is quoted, where, and what may be done with the quotes."""

from dataclasses import dataclass

from services.kernel.identifiers import PriceSeriesName
from services.kernel.instrument import InstrumentKind


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
