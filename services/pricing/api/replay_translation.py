"""Replays of guarantees ⇄ wire."""

from decimal import Decimal

from tanheng.pricing.v1 import price_service_pb2
from tanheng.pricing.v1 import replay_pb2 as wire_pb2

from services.pricing.application.replay_guarantee import KnownReplay
from services.pricing.domain.average_price import AverageKind
from services.pricing.domain.guarantee.promise import PromiseTerms
from services.pricing.domain.promise_rule import PromiseRule, PromiseRuleKind
from services.pricing.domain.replay import Replayed, ReplayTotals
from services.pricing.domain.replay_plan import Delivery, Execution, ReplayTerms, ReplayWindow
from services.pricing.domain.rounding import to_six_places
from services.wire.dates import (
    from_wire_date,
    from_wire_period,
    to_wire_date,
    to_wire_period,
    to_wire_time,
)
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.explanation import to_wire_explanation
from services.wire.gain_share import from_wire_gain_share_tiers
from services.wire.instrument import from_wire_side
from services.wire.money import to_wire_money
from services.wire.numbers import from_wire_optional_decimal, to_wire_decimal


def from_wire_rule(value: wire_pb2.PromiseRule) -> PromiseRule:
    """Read by which rule a price is promised."""
    kind = from_wire_enum(
        PromiseRuleKind, value.kind, wire_pb2.PromiseRuleKind, "promise_rule.kind"
    )
    return PromiseRule(
        kind=kind,
        days=value.days,
        promised_price=from_wire_optional_decimal(value, "promised_price"),
        carry_rate=from_wire_optional_decimal(value, "carry_rate"),
        volatility=from_wire_optional_decimal(value, "volatility"),
    )


def from_wire_replay_terms(request: wire_pb2.ReplayGuaranteeRequest) -> ReplayTerms:
    """Read what is promised beside the price, and how the desk trades."""
    execution, benchmark = Execution.EVEN, AverageKind.TWAP
    if request.execution:
        execution = from_wire_enum(
            Execution, request.execution, wire_pb2.ReplayExecution, "execution"
        )
    if request.benchmark:
        kinds = price_service_pb2.AverageKind
        benchmark = from_wire_enum(AverageKind, request.benchmark, kinds, "benchmark")
    return ReplayTerms(
        promise=PromiseTerms(
            side=from_wire_side(request.side),
            gain_share_tiers=from_wire_gain_share_tiers(request.gain_share_tiers),
            loss_cap_per_tonne=from_wire_optional_decimal(request, "loss_cap_per_tonne"),
        ),
        execution=execution,
        execution_days=request.execution_days,
        benchmark=benchmark,
    )


def from_wire_windows(request: wire_pb2.ReplayGuaranteeRequest) -> tuple[ReplayWindow, ...]:
    """Read the windows."""
    return tuple(
        _from_wire_window(window, f"windows[{index}]")
        for index, window in enumerate(request.windows)
    )


def to_wire_replay(known: KnownReplay) -> wire_pb2.ReplayGuaranteeResponse:
    """Write what a replay came to."""
    return wire_pb2.ReplayGuaranteeResponse(
        windows=[_to_wire_window(window) for window in known.windows],
        totals=_to_wire_totals(known.totals),
        known_at=to_wire_time(known.known_at),
    )


def _from_wire_window(value: wire_pb2.ReplayWindow, path: str) -> ReplayWindow:
    deliveries = tuple(
        Delivery(
            day=from_wire_date(each.date, f"{path}.deliveries[{index}].date"),
            tonnes=each.tonnes,
            unit_price=from_wire_optional_decimal(each, "unit_price"),
        )
        for index, each in enumerate(value.deliveries)
    )
    period = from_wire_period(value.delivery_window, f"{path}.delivery_window")
    return ReplayWindow(period, value.total_tonnes, deliveries)


def _to_wire_window(found: Replayed) -> wire_pb2.ReplayedWindow:
    tonnes, promise, benchmark = Decimal(found.window.tonnes), found.promise, found.benchmark
    volatility = promise.volatility
    return wire_pb2.ReplayedWindow(
        delivery_window=to_wire_period(found.window.period),
        tonnes=found.window.tonnes,
        promised_price=to_wire_decimal(promise.price),
        benchmark_average=to_wire_decimal(benchmark.shown),
        executed_average=to_wire_decimal(found.executed_average),
        drift=to_wire_money(found.drift),
        skill=to_wire_money(found.skill),
        gain=to_wire_money(found.gain),
        gain_share=to_wire_money(found.share),
        relief=to_wire_money(found.relief),
        house=to_wire_money(found.house),
        customer=to_wire_money(found.customer),
        drift_per_tonne=to_wire_decimal(to_six_places(found.drift.amount / tonnes)),
        skill_per_tonne=to_wire_decimal(to_six_places(found.skill.amount / tonnes)),
        promise_date=None if promise.day is None else to_wire_date(promise.day),
        volatility=None if volatility is None else to_wire_decimal(volatility),
        day_count=benchmark.day_count,
        missing_day_count=len(benchmark.missing_dates),
        lowest_quality=to_wire_enum(benchmark.lowest_quality, price_service_pb2.PriceQuality),
        explanation=to_wire_explanation(found.explanation),
    )


def _to_wire_totals(totals: ReplayTotals) -> wire_pb2.ReplayTotals:
    return wire_pb2.ReplayTotals(
        tonnes=totals.tonnes,
        drift=to_wire_money(totals.drift),
        skill=to_wire_money(totals.skill),
        gain=to_wire_money(totals.gain),
        gain_share=to_wire_money(totals.share),
        relief=to_wire_money(totals.relief),
        house=to_wire_money(totals.house),
        customer=to_wire_money(totals.customer),
        windows_without_loss_count=totals.without_loss,
    )
