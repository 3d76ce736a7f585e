"""Invoices, credit notes and their lines on the wire."""

from tanheng.billing.v1 import billing_service_pb2 as wire
from tanheng.billing.v1 import invoice_pb2
from tanheng.common.v1 import common_pb2

from services.billing.api.amount_translation import to_wire_totals, write_fen
from services.billing.application.ports import DocumentFilter
from services.billing.domain.invoice import CreditNote, Invoice, InvoiceState
from services.billing.domain.invoice_line import InvoiceLine
from services.kernel.identifiers import CustomerName, RunName
from services.wire.dates import from_wire_month, to_wire_date, to_wire_period, to_wire_time
from services.wire.enums import from_wire_enum, to_wire_enum
from services.wire.explanation import to_wire_explanation
from services.wire.numbers import decimal_text


def to_wire_invoice(invoice: Invoice) -> invoice_pb2.Invoice:
    """Write an invoice."""
    return invoice_pb2.Invoice(
        name=invoice.name,
        number=invoice.number,
        customer=invoice.customer,
        state=to_wire_enum(invoice.state, invoice_pb2.Invoice.State),
        month=str(invoice.month),
        lines=[to_wire_line(line) for line in invoice.lines],
        totals=to_wire_totals(invoice.totals),
        due_date=to_wire_date(invoice.due_date) if invoice.due_date else None,
        billing_run=invoice.run,
        issue_time=to_wire_time(invoice.issued_at) if invoice.issued_at else None,
    )


def to_wire_credit_note(note: CreditNote) -> invoice_pb2.CreditNote:
    """Write a credit note."""
    return invoice_pb2.CreditNote(
        name=note.name,
        number=note.number,
        customer=note.customer,
        invoice=note.invoice,
        month=str(note.month),
        purpose=to_wire_enum(note.purpose, invoice_pb2.CreditNote.Purpose),
        lines=[to_wire_line(line) for line in note.lines],
        totals=to_wire_totals(note.totals),
        billing_run=note.run,
        issue_time=to_wire_time(note.issued_at) if note.issued_at else None,
    )


def to_wire_line(line: InvoiceLine) -> invoice_pb2.InvoiceLine:
    """Write a line; amounts in place, since messages of their own would be copied in."""
    written = invoice_pb2.InvoiceLine(
        service=to_wire_enum(line.service, common_pb2.Service),
        description=line.description,
        service_period=to_wire_period(line.service_period),
        corrects_month=str(line.corrects_month) if line.corrects_month else "",
        explanation=to_wire_explanation(line.explanation),
        line_kind=to_wire_enum(line.kind, invoice_pb2.LineKind),
        rule_version=line.rule_version,
    )
    if line.quantity_tonnes is not None:
        written.quantity_tonnes.value = decimal_text(line.quantity_tonnes)
    if line.unit_price is not None:
        written.unit_price.value = decimal_text(line.unit_price)
    written.tax_rate.value = decimal_text(line.taxation.rate)
    write_fen(written.net, line.amounts.net_fen)
    write_fen(written.tax, line.amounts.tax_fen)
    write_fen(written.gross, line.amounts.gross_fen)
    return written


def from_wire_invoice_filter(request: wire.ListInvoicesRequest) -> DocumentFilter:
    """Read which invoices are asked for."""
    states = invoice_pb2.Invoice.State
    return DocumentFilter(
        customer=CustomerName(request.customer) if request.customer else None,
        month=from_wire_month(request.month) if request.month else None,
        run=RunName(request.billing_run) if request.billing_run else None,
        state=from_wire_enum(InvoiceState, request.state, states, "state")
        if request.state
        else None,
    )


def from_wire_credit_note_filter(request: wire.ListCreditNotesRequest) -> DocumentFilter:
    """Read which credit notes are asked for."""
    return DocumentFilter(
        customer=CustomerName(request.customer) if request.customer else None,
        month=from_wire_month(request.month) if request.month else None,
        run=RunName(request.billing_run) if request.billing_run else None,
    )
