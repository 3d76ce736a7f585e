"""What is asked of a quote, from the wire."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from tanheng.pricing.v1 import quote_pb2 as wire

from services.kernel.identifiers import PriceSeriesName
from services.pricing.domain.guarantee.inquiry import (
    Execution,
    ForwardPoint,
    Outlook,
    PlannedDelivery,
    VolatilityPoint,
)
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.quoting.asked import QuoteQuestion
from services.pricing.domain.quoting.custody import CustodyTerms
from services.wire.dates import from_wire_date, from_wire_optional_date, from_wire_optional_period
from services.wire.gain_share import from_wire_gain_share_tiers
from services.wire.instrument import from_wire_instrument, from_wire_side
from services.wire.money import from_wire_money
from services.wire.numbers import from_wire_decimal, from_wire_optional_decimal

_NOTHING = Decimal(0)


def from_wire_question(request: wire.QuoteGuaranteeRequest) -> QuoteQuestion:
    """Read what is asked.

    Raises:
        InvalidInput: a number, a day or an amount is wrong in itself.
    """
    series = request.volatility_series
    return QuoteQuestion(
        instrument=from_wire_instrument(request.instrument, "instrument"),
        terms=PromiseTerms(
            side=from_wire_side(request.side),
            gain_share_tiers=from_wire_gain_share_tiers(request.gain_share_tiers),
            loss_cap_per_tonne=from_wire_optional_decimal(request, "loss_cap_per_tonne"),
        ),
        outlook=_from_wire_outlook(request),
        valuation_date=from_wire_date(request.valuation_date, "valuation_date"),
        deliveries=_from_wire_deliveries(request.deliveries),
        window=from_wire_optional_period(request, "window"),
        total_tonnes=request.total_tonnes,
        executed=_from_wire_executed(request.executed),
        promised_price=from_wire_optional_decimal(request, "promised_price"),
        target_margin_per_tonne=from_wire_optional_decimal(request, "target_margin_per_tonne"),
        target_return_on_cvar=from_wire_optional_decimal(request, "target_return_on_cvar"),
        volatility_series=PriceSeriesName(series) if series else None,
        volatility_range=from_wire_optional_period(request, "volatility_range"),
        pay_date=from_wire_optional_date(request, "pay_date"),
        discount_rate=from_wire_optional_decimal(request, "discount_rate") or _NOTHING,
        custody=from_wire_custody(request.custody) if request.HasField("custody") else None,
    )


def from_wire_forward_curve(
    points: Iterable[wire.ForwardPrice], field: str
) -> tuple[ForwardPoint, ...]:
    """Read a forward curve."""
    return tuple(
        ForwardPoint(
            from_wire_date(point.date, f"{field}[{index}].date"),
            from_wire_decimal(point.price, f"{field}[{index}].price"),
        )
        for index, point in enumerate(points)
    )


def from_wire_custody(terms: wire.CustodyTerms) -> CustodyTerms:
    """Read how credits in custody are sold."""
    return CustodyTerms(
        volume_cap_tonnes=terms.volume_cap_tonnes,
        daily_limit_tonnes=terms.daily_limit_tonnes,
        liquidity_haircut=from_wire_optional_decimal(terms, "liquidity_haircut") or _NOTHING,
        due_tonnes=from_wire_optional_decimal(terms, "due_tonnes"),
        other_promised_tonnes=terms.other_promised_tonnes,
    )


def _from_wire_outlook(request: wire.QuoteGuaranteeRequest) -> Outlook:
    return Outlook(
        spot=from_wire_optional_decimal(request, "spot"),
        carry_rate=from_wire_optional_decimal(request, "carry_rate") or _NOTHING,
        forward_curve=from_wire_forward_curve(request.forward_curve, "forward_curve"),
        volatility=from_wire_optional_decimal(request, "volatility"),
        volatility_term=tuple(
            VolatilityPoint(
                from_wire_date(point.date, f"volatility_term[{index}].date"),
                from_wire_decimal(point.volatility, f"volatility_term[{index}].volatility"),
            )
            for index, point in enumerate(request.volatility_term)
        ),
    )


def _from_wire_deliveries(
    deliveries: Sequence[wire.PlannedDelivery],
) -> tuple[PlannedDelivery, ...]:
    return tuple(
        PlannedDelivery(
            from_wire_date(delivery.date, f"deliveries[{index}].date"), delivery.planned_tonnes
        )
        for index, delivery in enumerate(deliveries)
    )


def _from_wire_executed(executed: Sequence[wire.ExecutedDelivery]) -> tuple[Execution, ...]:
    return tuple(
        Execution(each.tonnes, from_wire_money(each.amount, f"executed[{index}].amount"))
        for index, each in enumerate(executed)
    )
