"""Price points → wire."""

from tanheng.pricing.v1 import price_service_pb2

from services.pricing.domain.price_point import PricePoint
from services.wire.dates import to_wire_date, to_wire_time
from services.wire.enums import to_wire_enum
from services.wire.money import to_wire_money
from services.wire.numbers import to_wire_decimal


def to_wire_point(point: PricePoint) -> price_service_pb2.PricePoint:
    """Write a version of a day; what is not known stays unset."""
    figures = point.figures
    low, high = figures.low, figures.high
    amount, block_amount = figures.amount, figures.block_amount
    return price_service_pb2.PricePoint(
        series=point.series,
        date=to_wire_date(figures.date),
        close=to_wire_decimal(figures.close),
        low=None if low is None else to_wire_decimal(low),
        high=None if high is None else to_wire_decimal(high),
        volume_tonnes=figures.volume_tonnes,
        amount=None if amount is None else to_wire_money(amount),
        block_volume_tonnes=figures.block_volume_tonnes,
        block_amount=None if block_amount is None else to_wire_money(block_amount),
        quality=to_wire_enum(figures.quality, price_service_pb2.PriceQuality),
        stale=figures.stale,
        source=point.source,
        version=point.version,
        recorded_at=to_wire_time(point.recorded_at),
    )
