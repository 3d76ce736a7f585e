"""Fen, and sums of lines, on the wire."""

from google.type.money_pb2 import Money as WireMoney
from tanheng.billing.v1 import invoice_pb2

from services.billing.domain.amounts import FEN, Amounts

_NANOS_OF_FEN = 10_000_000


def to_wire_fen(fen: int) -> WireMoney:
    """Write whole fen as CNY."""
    wire = WireMoney()
    write_fen(wire, fen)
    return wire


def write_fen(wire: WireMoney, fen: int) -> None:
    """Write whole fen as CNY into a message."""
    wire.currency_code = "CNY"
    if fen < 0:
        wire.units = -(-fen // FEN)
        wire.nanos = -(-fen % FEN) * _NANOS_OF_FEN
    else:
        wire.units = fen // FEN
        wire.nanos = fen % FEN * _NANOS_OF_FEN


def to_wire_totals(amounts: Amounts) -> invoice_pb2.InvoiceTotals:
    """Write sums of lines."""
    return invoice_pb2.InvoiceTotals(
        net=to_wire_fen(amounts.net_fen),
        tax=to_wire_fen(amounts.tax_fen),
        gross=to_wire_fen(amounts.gross_fen),
    )
