"""Trades ⇄ wire."""

from collections.abc import Sequence

from google.protobuf.message import Message
from tanheng.settlement.v1 import trade_pb2, trade_service_pb2

from services.kernel.errors import FieldViolation, InvalidInput
from services.kernel.identifiers import ContractName, CustomerName, TradeName
from services.kernel.money import Money, zero
from services.kernel.period import Period
from services.kernel.tonnes import Tonnes
from services.settlement.application.correct_trade import Correction
from services.settlement.application.record_trades import RecordedRow, RowOutcome
from services.settlement.application.trade_ports import RowFilter
from services.settlement.application.transfer_allowances import Transfer
from services.settlement.domain.remark import Remark
from services.settlement.domain.trade import Trade, TradeDraft, TradeMode, TradeSide
from services.wire.dates import (
    from_wire_date,
    from_wire_month,
    from_wire_optional_period,
    to_wire_date,
    to_wire_time,
)
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.instrument import from_wire_instrument, to_wire_instrument
from services.wire.money import from_wire_money, to_wire_money
from services.wire.numbers import from_wire_decimal, from_wire_optional_decimal, to_wire_decimal

MOST_VIOLATIONS = 100
_BOTH_SIDES = trade_pb2.TRADE_SIDE_UNSPECIFIED


def from_wire_trades(
    request: trade_service_pb2.RecordTradesRequest,
) -> list[TradeDraft]:
    """Read a batch.

    Raises:
        InvalidInput: naming every field that cannot be read, at most a hundred.
    """
    drafts: list[TradeDraft] = []
    violations: list[FieldViolation] = []
    for row, trade in enumerate(request.trades):
        try:
            drafts.append(from_wire_trade(trade, f"trades[{row}]"))
        except InvalidInput as error:
            violations += error.violations
    if violations:
        shown = tuple(violations[:MOST_VIOLATIONS])
        raise InvalidInput(f"{shown[0].field}: {shown[0].description}", violations=shown)
    return drafts


def from_wire_trade(trade: trade_pb2.Trade, path: str) -> TradeDraft:
    """Read one reported trade; output-only fields are ignored.

    Raises:
        InvalidInput: a field cannot be read.
    """
    price = trade.unit_price if trade.HasField("unit_price") else None
    return TradeDraft(
        external_id=trade.external_id,
        venue=trade.venue,
        mode=from_wire_enum(TradeMode, trade.mode, trade_pb2.TradeMode, f"{path}.mode"),
        instrument=from_wire_instrument(trade.instrument, f"{path}.instrument"),
        side=_side(trade, path),
        trade_date=from_wire_date(trade.trade_date, f"{path}.trade_date"),
        tonnes=trade.tonnes,
        unit_price=None if price is None else from_wire_decimal(price, f"{path}.unit_price"),
        amount=_optional_money(trade, "amount", path),
        fees=_optional_money(trade, "fees", path) or zero(),
        tax_inclusive=trade.tax_inclusive,
        trader=trade.trader,
        contract=ContractName(trade.contract) if trade.contract else None,
        buyer=_customer(trade.buyer),
        seller=_customer(trade.seller),
        buyer_contract=_contract(trade.buyer_contract),
        seller_contract=_contract(trade.seller_contract),
    )


def to_wire_trade(trade: Trade) -> trade_pb2.Trade:
    """Write one version of a trade."""
    internal = trade.side is None
    return trade_pb2.Trade(
        name=trade.name,
        external_id=trade.external_id,
        venue=trade.venue,
        mode=to_wire_enum(trade.mode, trade_pb2.TradeMode),
        instrument=to_wire_instrument(trade.instrument),
        side=to_wire_enum(trade.side, trade_pb2.TradeSide) if trade.side else _BOTH_SIDES,
        trade_date=to_wire_date(trade.trade_date),
        tonnes=trade.tonnes,
        unit_price=to_wire_decimal(trade.unit_price),
        amount=to_wire_money(trade.amount),
        fees=to_wire_money(trade.fees),
        tax_inclusive=trade.tax_inclusive,
        contract=trade.contract or "",
        trader=trade.trader,
        buyer=(trade.buyer or "") if internal else "",
        seller=(trade.seller or "") if internal else "",
        buyer_contract=(trade.buyer_contract or "") if internal else "",
        seller_contract=(trade.seller_contract or "") if internal else "",
        version=trade.version,
        booking_month=str(trade.booking_month),
        recorded_by=trade.recorded_by,
        record_time=to_wire_time(trade.recorded_at),
        correction_reason=trade.correction_reason,
        etag=trade.etag,
    )


def to_wire_outcome(rows: Sequence[RecordedRow]) -> trade_service_pb2.RecordTradesResponse:
    """Write what became of each row."""
    outcomes = [row.outcome for row in rows]
    return trade_service_pb2.RecordTradesResponse(
        outcomes=[_outcome(number, row) for number, row in enumerate(rows)],
        accepted_count=outcomes.count(RowOutcome.RECORDED),
        already_recorded_count=outcomes.count(RowOutcome.ALREADY_RECORDED),
        rejections=[
            _remark(number, remark) for number, row in enumerate(rows) for remark in row.rejections
        ],
        warnings=[
            _remark(number, remark) for number, row in enumerate(rows) for remark in row.warnings
        ],
    )


def from_wire_correction(request: trade_service_pb2.CorrectTradeRequest) -> Correction:
    """Read what is to be different."""
    return Correction(
        tonnes=Tonnes(request.tonnes) if request.HasField("tonnes") else None,
        unit_price=from_wire_optional_decimal(request, "unit_price"),
        amount=_optional_money(request, "amount", ""),
        fees=_optional_money(request, "fees", ""),
        reason=request.reason,
    )


def from_wire_transfer(request: trade_service_pb2.TransferAllowancesRequest) -> Transfer:
    """Read an internal transfer; its reference is the request's id."""
    return Transfer(
        seller=_customer(request.seller),
        buyer=_customer(request.buyer),
        instrument=from_wire_instrument(request.instrument, "instrument"),
        tonnes=request.tonnes,
        trade_date=from_wire_date(request.trade_date, "trade_date"),
        reference=request.request_id.lower(),
        seller_contract=_contract(request.seller_contract),
        buyer_contract=_contract(request.buyer_contract),
    )


def from_wire_filter(
    request: trade_service_pb2.ListTradesRequest | trade_service_pb2.ListAllocationsRequest,
) -> RowFilter:
    """Read which rows are wanted."""
    days: Period | None = from_wire_optional_period(request, "date_range")
    instrument = request.instrument if request.HasField("instrument") else None
    return RowFilter(
        month=from_wire_month(request.month) if request.month else None,
        days=days,
        instrument=from_wire_instrument(instrument, "instrument") if instrument else None,
        contract=_contract(request.contract),
        customer=_customer(request.customer),
    )


def from_wire_trade_name(name: str) -> TradeName:
    """Read the name of a trade."""
    return TradeName(name)


def _side(trade: trade_pb2.Trade, path: str) -> TradeSide | None:
    if trade.side == trade_pb2.TRADE_SIDE_UNSPECIFIED:
        return None
    return from_wire_enum(TradeSide, trade.side, trade_pb2.TradeSide, f"{path}.side")


def _optional_money(message: Message, field: str, path: str) -> Money | None:
    if not message.HasField(field):
        return None
    return from_wire_money(getattr(message, field), f"{path}.{field}" if path else field)


def _contract(name: str) -> ContractName | None:
    return ContractName(name) if name else None


def _customer(name: str) -> CustomerName | None:
    return CustomerName(name) if name else None


def _outcome(number: int, row: RecordedRow) -> trade_service_pb2.TradeOutcome:
    return trade_service_pb2.TradeOutcome(
        row=number,
        external_id=row.draft.external_id,
        outcome=to_wire_enum(row.outcome, trade_service_pb2.RecordOutcome),
        trade=row.trade.name if row.trade else "",
        booking_month=str(row.trade.booking_month) if row.trade else "",
    )


def _remark(number: int, remark: Remark) -> trade_service_pb2.TradeRemark:
    return trade_service_pb2.TradeRemark(
        row=number, field=remark.field, reason=remark.reason, message=remark.message
    )
