"""Transfer prices ⇄ wire."""

from tanheng.pricing.v1 import price_service_pb2
from tanheng.pricing.v1 import quote_service_pb2 as wire_pb2

from services.pricing.application.quote_transfer_price import KnownTransferPrice
from services.pricing.domain.transfer_price import (
    DEFAULT_FALLBACK_DAYS,
    TransferMethod,
    TransferTerms,
)
from services.wire.dates import to_wire_date, to_wire_time
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.explanation import to_wire_explanation
from services.wire.numbers import to_wire_decimal


def from_wire_transfer_terms(request: wire_pb2.QuoteTransferPriceRequest) -> TransferTerms:
    """Read how the ladder is climbed."""
    method = TransferMethod.DAY_CLOSE
    if request.method:
        method = from_wire_enum(
            TransferMethod, request.method, wire_pb2.TransferPriceMethod, "method"
        )
    given = request.HasField("fallback_days")
    return TransferTerms(
        method=method,
        fallback_days=request.fallback_days if given else DEFAULT_FALLBACK_DAYS,
        accept_not_final=request.accept_not_final,
    )


def to_wire_transfer_price(known: KnownTransferPrice) -> wire_pb2.QuoteTransferPriceResponse:
    """Write a transfer price, and where it comes from."""
    found = known.transfer
    low, high, previous = found.lowest_price, found.highest_price, found.previous_close
    return wire_pb2.QuoteTransferPriceResponse(
        price=to_wire_decimal(found.price),
        rung=to_wire_enum(found.rung, wire_pb2.TransferPriceRung),
        price_dates=[to_wire_date(day) for day in found.days],
        quality=to_wire_enum(found.quality, price_service_pb2.PriceQuality),
        lowest_price=None if low is None else to_wire_decimal(low),
        highest_price=None if high is None else to_wire_decimal(high),
        previous_close=None if previous is None else to_wire_decimal(previous),
        previous_close_date=(
            None if found.previous_day is None else to_wire_date(found.previous_day)
        ),
        bounded=found.bounded,
        series=found.series,
        known_at=to_wire_time(known.known_at),
        explanation=to_wire_explanation(found.explanation),
    )
