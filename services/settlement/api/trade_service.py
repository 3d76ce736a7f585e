"""TradeService: translate in, call one verb, translate out."""

from dataclasses import dataclass

import grpc
from tanheng.settlement.v1 import trade_pb2, trade_service_pb2, trade_service_pb2_grpc

from services.settlement.api.allocation_translation import (
    to_wire_allocation,
    to_wire_position,
    to_wire_state,
)
from services.settlement.api.trade_translation import (
    from_wire_correction,
    from_wire_filter,
    from_wire_trade_name,
    from_wire_trades,
    from_wire_transfer,
    to_wire_outcome,
    to_wire_trade,
)
from services.settlement.application.allocate_trades import AllocateTrades
from services.settlement.application.correct_trade import CorrectTrade
from services.settlement.application.get_pool_position import GetPoolPosition
from services.settlement.application.list_allocations import ListAllocations
from services.settlement.application.list_trades import ListTrades
from services.settlement.application.record_trades import RecordTrades
from services.settlement.application.transfer_allowances import TransferAllowances
from services.wire.dates import from_wire_date, from_wire_month, from_wire_optional_date
from services.wire.pages import from_wire_page, to_wire_token


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeVerbs:
    """What the service can do."""

    record_trades: RecordTrades
    list_trades: ListTrades
    correct_trade: CorrectTrade
    transfer_allowances: TransferAllowances
    allocate_trades: AllocateTrades
    list_allocations: ListAllocations
    get_pool_position: GetPoolPosition


class TradeServicer(trade_service_pb2_grpc.TradeServiceServicer):
    """Answers TradeService."""

    def __init__(self, verbs: TradeVerbs) -> None:
        """Keep the verbs."""
        self._verbs = verbs

    def RecordTrades(  # noqa: N802 - the contract's name
        self,
        request: trade_service_pb2.RecordTradesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> trade_service_pb2.RecordTradesResponse:
        """Record a batch."""
        return to_wire_outcome(self._verbs.record_trades(drafts=from_wire_trades(request)))

    def ListTrades(  # noqa: N802 - the contract's name
        self,
        request: trade_service_pb2.ListTradesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> trade_service_pb2.ListTradesResponse:
        """List trades."""
        page = self._verbs.list_trades(
            wanted=from_wire_filter(request), page=from_wire_page(request)
        )
        return trade_service_pb2.ListTradesResponse(
            trades=[to_wire_trade(trade) for trade in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def CorrectTrade(  # noqa: N802 - the contract's name
        self,
        request: trade_service_pb2.CorrectTradeRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> trade_pb2.Trade:
        """Correct a trade."""
        trade = self._verbs.correct_trade(
            name=from_wire_trade_name(request.name),
            etag=request.etag,
            correction=from_wire_correction(request),
        )
        return to_wire_trade(trade)

    def TransferAllowances(  # noqa: N802 - the contract's name
        self,
        request: trade_service_pb2.TransferAllowancesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> trade_pb2.Trade:
        """Record an internal transfer."""
        return to_wire_trade(self._verbs.transfer_allowances(transfer=from_wire_transfer(request)))

    def AllocateTrades(  # noqa: N802 - the contract's name
        self,
        request: trade_service_pb2.AllocateTradesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> trade_service_pb2.AllocateTradesResponse:
        """Allocate a month."""
        state = self._verbs.allocate_trades(
            month=from_wire_month(request.month),
            through_date=from_wire_optional_date(request, "through_date"),
        )
        return to_wire_state(state)

    def ListAllocations(  # noqa: N802 - the contract's name
        self,
        request: trade_service_pb2.ListAllocationsRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> trade_service_pb2.ListAllocationsResponse:
        """List allocations."""
        page = self._verbs.list_allocations(
            wanted=from_wire_filter(request), page=from_wire_page(request)
        )
        return trade_service_pb2.ListAllocationsResponse(
            allocations=[to_wire_allocation(each) for each in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def GetPoolPosition(  # noqa: N802 - the contract's name
        self,
        request: trade_service_pb2.GetPoolPositionRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> trade_service_pb2.GetPoolPositionResponse:
        """Show the pool."""
        positions = self._verbs.get_pool_position(
            as_of_date=from_wire_date(request.as_of_date, "as_of_date")
        )
        return trade_service_pb2.GetPoolPositionResponse(
            positions=[to_wire_position(position) for position in positions]
        )
