"""Invoices, credit notes and their lines from rows and to rows."""

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping

from services.billing.domain.amounts import Amounts, Taxation
from services.billing.domain.invoice import (
    CreditNote,
    CreditPurpose,
    Invoice,
    InvoiceState,
)
from services.billing.domain.invoice_line import (
    BilledKey,
    ChargeKind,
    InvoiceLine,
    LineKind,
    LinePart,
)
from services.kernel.explanation import Explanation, ExplanationStep
from services.kernel.identifiers import CustomerName, InvoiceName, RunName
from services.kernel.period import Month, Period
from services.kernel.service import Service
from services.runtime.frozen_json import to_json_text

Row = Mapping[str, object]


def to_invoice_row(invoice: Invoice) -> Row:
    """Write a draft without its lines."""
    return {
        "name": invoice.name,
        "customer": invoice.customer,
        "month": str(invoice.month),
        "run": invoice.run,
        "state": invoice.state.value,
        **_amounts_row(invoice.totals),
    }


def to_credit_note_row(note: CreditNote) -> Row:
    """Write a draft without its lines."""
    return {
        "name": note.name,
        "customer": note.customer,
        "invoice": note.invoice,
        "month": str(note.month),
        "run": note.run,
        "purpose": note.purpose.value,
        "state": note.state.value,
        **_amounts_row(note.totals),
    }


def to_line_rows(document: Invoice | CreditNote) -> list[Row]:
    """Write the lines of a document, numbered from one."""
    return [
        {
            "document": document.name,
            "line": index,
            "customer": document.customer,
            "kind": line.kind.value,
            "service": line.service.value,
            "description": line.description,
            "quantity_tonnes": line.quantity_tonnes,
            "unit_price": line.unit_price,
            "tax_rate": line.taxation.rate,
            "tax_inclusive": line.taxation.inclusive,
            **_amounts_row(line.amounts),
            "start_date": line.service_period.start,
            "end_date": line.service_period.end,
            "corrects_month": str(line.corrects_month) if line.corrects_month else None,
            "explanation": to_json_text(
                [[s.label, s.formula, dict(s.inputs)] for s in line.explanation.steps]
            ),
            "rule_version": line.rule_version,
            "scale_version": line.scale_version,
        }
        for index, line in enumerate(document.lines, start=1)
    ]


def to_part_rows(document: Invoice | CreditNote) -> list[Row]:
    """Write what the lines of a document count as billed of."""
    return [
        {
            "document": document.name,
            "line": index,
            "part": number,
            "customer": document.customer,
            "service": part.key.service.value,
            "charge": part.key.charge.value,
            "service_year": part.key.service_year,
            "segment_key": part.key.segment_key,
            "own_fen": part.own_fen,
        }
        for index, line in enumerate(document.lines, start=1)
        for number, part in enumerate(line.parts, start=1)
    ]


def from_invoice_row(row: RowMapping, lines: Sequence[InvoiceLine]) -> Invoice:
    """Read an invoice."""
    return Invoice(
        name=InvoiceName(row["name"]),
        customer=CustomerName(row["customer"]),
        month=Month.parse(row["month"]),
        run=RunName(row["run"]),
        state=InvoiceState(row["state"]),
        totals=_amounts(row),
        lines=tuple(lines),
        number=row["number"] or "",
        due_date=row["due_date"],
        issued_at=row["issued_at"],
    )


def from_credit_note_row(row: RowMapping, lines: Sequence[InvoiceLine]) -> CreditNote:
    """Read a credit note."""
    return CreditNote(
        name=row["name"],
        customer=CustomerName(row["customer"]),
        invoice=InvoiceName(row["invoice"]),
        month=Month.parse(row["month"]),
        run=RunName(row["run"]),
        purpose=CreditPurpose(row["purpose"]),
        state=InvoiceState(row["state"]),
        totals=_amounts(row),
        lines=tuple(lines),
        number=row["number"] or "",
        issued_at=row["issued_at"],
    )


def from_line_row(row: RowMapping, parts: Sequence[RowMapping]) -> InvoiceLine:
    """Read a line with its parts."""
    steps = tuple(
        ExplanationStep(label, formula, inputs) for label, formula, inputs in row["explanation"]
    )
    return InvoiceLine(
        kind=LineKind(row["kind"]),
        service=Service(row["service"]),
        description=row["description"],
        quantity_tonnes=row["quantity_tonnes"],
        unit_price=row["unit_price"],
        taxation=Taxation(row["tax_rate"], row["tax_inclusive"]),
        amounts=_amounts(row),
        service_period=Period(row["start_date"], row["end_date"]),
        corrects_month=Month.parse(row["corrects_month"]) if row["corrects_month"] else None,
        explanation=Explanation(steps, row["rule_version"]),
        rule_version=row["rule_version"],
        scale_version=row["scale_version"],
        parts=tuple(LinePart(from_key_row(part), part["own_fen"]) for part in parts),
    )


def from_key_row(row: RowMapping) -> BilledKey:
    """Read what a part is counted by."""
    return BilledKey(
        Service(row["service"]),
        ChargeKind(row["charge"]),
        row["service_year"],
        row["segment_key"],
    )


def _amounts_row(amounts: Amounts) -> Row:
    return {
        "net_fen": amounts.net_fen,
        "tax_fen": amounts.tax_fen,
        "gross_fen": amounts.gross_fen,
    }


def _amounts(row: RowMapping) -> Amounts:
    return Amounts(row["net_fen"], row["tax_fen"], row["gross_fen"])
