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

    @classmethod
    def of(cls, instrument: Instrument) -> "QuotedInstrument":
        """Name what a series of this one instrument quotes."""
        return cls(instrument.kind, instrument.vintage, instrument.project)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSeries:
    """A series of daily prices in CNY per tonne."""

    name: PriceSeriesName
    instrument: QuotedInstrument
    venue: str
    license_note: str = ""


def series_in_order(
    quoted: QuotedInstrument, offered: Iterable[PriceSeries]
) -> tuple[PriceSeries, ...]:
    """Order the series that may price an instrument: the nearest to it first, then by name.

    Its own, then its project's, then its vintage's, then those of its kind. Whoever needs a price
    goes down its rungs, on each rung down these series, and takes the first that answers.
    """
    wider = (
        quoted,
        QuotedInstrument(quoted.kind, None, quoted.project),
        QuotedInstrument(quoted.kind, quoted.vintage),
        QuotedInstrument(quoted.kind),
    )
    rank = {instrument: place for place, instrument in reversed(tuple(enumerate(wider)))}
    fitting = [series for series in offered if series.instrument in rank]
    return tuple(sorted(fitting, key=lambda series: (rank[series.instrument], series.name)))
