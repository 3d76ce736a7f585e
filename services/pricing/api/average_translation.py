"""Averages and volatilities of a series → wire."""

from datetime import timedelta

from tanheng.pricing.v1 import price_service_pb2 as wire_pb2

from services.kernel.period import Period
from services.pricing.application.compute_average import KnownAverage
from services.pricing.application.estimate_volatility import KnownVolatility
from services.pricing.domain.volatility import VolatilityMethod
from services.wire.dates import to_wire_date, to_wire_period, to_wire_time
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.money import to_wire_money
from services.wire.numbers import to_wire_decimal


def to_wire_average(known: KnownAverage) -> wire_pb2.ComputeAverageResponse:
    """Write an average."""
    average = known.average
    return wire_pb2.ComputeAverageResponse(
        average=to_wire_decimal(average.shown),
        volume_tonnes=average.volume_tonnes,
        day_count=average.day_count,
        missing_dates=[to_wire_date(day) for day in average.missing_dates],
        lowest_quality=to_wire_enum(average.lowest_quality, wire_pb2.PriceQuality),
        known_at=to_wire_time(known.known_at),
        amount=to_wire_money(average.amount),
    )


def from_wire_volatility_method(value: int) -> VolatilityMethod:
    """Read a method; unsaid is all moves alike."""
    if value == wire_pb2.VOLATILITY_METHOD_UNSPECIFIED:
        return VolatilityMethod.CLOSE_TO_CLOSE
    return from_wire_enum(VolatilityMethod, value, wire_pb2.VolatilityMethod, "method")


def to_wire_volatility(
    known: KnownVolatility, *, method: VolatilityMethod
) -> wire_pb2.EstimateVolatilityResponse:
    """Write a volatility, with the figure of a method as the answer."""
    found = known.volatility
    days = Period(found.first_day, found.last_day + timedelta(days=1))
    return wire_pb2.EstimateVolatilityResponse(
        annual_volatility=to_wire_decimal(found.by(method)),
        long_run=to_wire_decimal(found.long_run),
        observations=found.observations,
        jump_share=to_wire_decimal(found.jump_share),
        recent_volatility=to_wire_decimal(found.recent),
        ewma_volatility=to_wire_decimal(found.ewma),
        close_to_close_volatility=to_wire_decimal(found.close_to_close),
        quoting_volatility=to_wire_decimal(found.quoting),
        jump_count=found.jumps,
        stale_day_count=found.stale_days,
        date_range=to_wire_period(days),
        lowest_quality=to_wire_enum(found.lowest_quality, wire_pb2.PriceQuality),
        lag_count=found.lags,
        known_at=to_wire_time(known.known_at),
    )
