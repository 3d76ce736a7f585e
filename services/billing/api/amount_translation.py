"""Fen, and sums of lines, on the wire."""

from google.type.money_pb2 import Money as WireMoney
from tanheng.billing.v1 import invoice_pb2

from services.billing.domain.amounts import FEN, Amounts

_NANOS_OF_FEN = 10_000_000


def to_wire_fen(fen: int) -> WireMoney:
    """Write whole fen as CNY."""
    if fen < 0:
        units, rest = divmod(-fen, FEN)
        return WireMoney(currency_code="CNY", units=-units, nanos=-rest * _NANOS_OF_FEN)
    units, rest = divmod(fen, FEN)
    return WireMoney(currency_code="CNY", units=units, nanos=rest * _NANOS_OF_FEN)


def to_wire_totals(amounts: Amounts) -> invoice_pb2.InvoiceTotals:
    """Write sums of lines."""
    return invoice_pb2.InvoiceTotals(
        net=to_wire_fen(amounts.net_fen),
        tax=to_wire_fen(amounts.tax_fen),
        gross=to_wire_fen(amounts.gross_fen),
    )
