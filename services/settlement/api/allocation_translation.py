"""Allocations, what an allocation came to, and the pool's position → wire."""

from tanheng.settlement.v1 import trade_pb2, trade_service_pb2

from services.kernel.money import from_minor
from services.settlement.domain.allocated_month import MonthAllocation
from services.settlement.domain.allocation import Allocation
from services.settlement.domain.pool import PoolPosition
from services.wire.dates import to_wire_date
from services.wire.enums import to_wire_enum
from services.wire.finding import to_wire_finding
from services.wire.instrument import to_wire_instrument
from services.wire.money import to_wire_money
from services.wire.numbers import to_wire_decimal


def to_wire_allocation(allocation: Allocation) -> trade_pb2.Allocation:
    """Write one owner's part."""
    bundle, owner, figures = allocation.bundle, allocation.owner, allocation.figures
    return trade_pb2.Allocation(
        name=allocation.name,
        month=str(allocation.booking_month),
        origin_month=str(allocation.origin_month),
        trade_date=to_wire_date(bundle.trade_date),
        instrument=to_wire_instrument(bundle.instrument),
        side=to_wire_enum(bundle.side, trade_pb2.TradeSide),
        contract=owner.contract or "",
        customer=owner.customer or "",
        trade=bundle.trade or "",
        tonnes=figures.tonnes,
        amount=to_wire_money(from_minor(figures.amount_fen)),
        fees=to_wire_money(from_minor(figures.fees_fen)),
        tax_inclusive=bundle.tax_inclusive,
        contract_amount=to_wire_money(from_minor(allocation.contract_figures.amount_fen)),
        contract_fees=to_wire_money(from_minor(allocation.contract_figures.fees_fen)),
    )


def to_wire_state(state: MonthAllocation) -> trade_service_pb2.AllocateTradesResponse:
    """Write what an allocation came to."""
    return trade_service_pb2.AllocateTradesResponse(
        month=str(state.month),
        through_date=to_wire_date(state.through_date),
        trade_count=state.trade_count,
        bundle_count=state.bundle_count,
        allocation_count=state.allocation_count,
        allocated_tonnes=state.allocated_tonnes,
        pool_tonnes=state.pool_tonnes,
        findings=[to_wire_finding(finding) for finding in state.findings],
        input_version=state.input_version,
    )


def to_wire_position(position: PoolPosition) -> trade_service_pb2.PoolPosition:
    """Write the pool's position in one instrument."""
    cost = position.average_cost
    return trade_service_pb2.PoolPosition(
        instrument=to_wire_instrument(position.instrument),
        bought_tonnes=position.bought.tonnes,
        bought_amount=to_wire_money(position.bought_amount),
        sold_tonnes=position.sold.tonnes,
        sold_amount=to_wire_money(position.sold_amount),
        net_tonnes=position.net_tonnes,
        average_cost=None if cost is None else to_wire_decimal(cost),
    )
