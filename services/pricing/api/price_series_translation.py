"""Price series ⇄ wire."""

from tanheng.common.v1 import common_pb2
from tanheng.pricing.v1 import price_service_pb2

from services.kernel.identifiers import PriceSeriesName, named
from services.kernel.instrument import InstrumentKind
from services.pricing.domain.price_series import PriceSeries, QuotedInstrument
from services.wire.enums import from_wire_enum, to_wire_enum


def from_wire_series(value: price_service_pb2.PriceSeries, *, series_id: str) -> PriceSeries:
    """Read a new series.

    Raises:
        InvalidInput: the kind of instrument is not said, or the id is not one.
    """
    return PriceSeries(
        name=PriceSeriesName(named("priceSeries", series_id)),
        instrument=_from_wire_quoted(value.instrument),
        venue=value.venue,
        license_note=value.license_note,
    )


def to_wire_series(series: PriceSeries) -> price_service_pb2.PriceSeries:
    """Write a series."""
    instrument = series.instrument
    return price_service_pb2.PriceSeries(
        name=series.name,
        instrument=common_pb2.Instrument(
            kind=to_wire_enum(instrument.kind, common_pb2.InstrumentKind),
            vintage=instrument.vintage or 0,
            project=instrument.project,
        ),
        venue=series.venue,
        license_note=series.license_note,
    )


def _from_wire_quoted(value: common_pb2.Instrument) -> QuotedInstrument:
    field = "price_series.instrument.kind"
    kind = from_wire_enum(InstrumentKind, value.kind, common_pb2.InstrumentKind, field)
    return QuotedInstrument(kind, value.vintage or None, value.project)
