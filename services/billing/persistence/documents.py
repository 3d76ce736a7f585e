"""Invoices and credit notes in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import RowMapping, Select, Table, delete, select

from services.billing.application.ports import DocumentFilter
from services.billing.domain.inputs import OpenInvoice
from services.billing.domain.invoice import CreditNote, Invoice, InvoiceState
from services.billing.domain.invoice_line import Billed, InvoiceLine
from services.billing.persistence import billed_sums, document_numbers
from services.billing.persistence.document_mapping import (
    from_credit_note_row,
    from_invoice_row,
    from_line_row,
    to_credit_note_row,
    to_invoice_row,
    to_line_rows,
    to_part_rows,
)
from services.billing.persistence.tables import (
    CREDIT_NOTES,
    DOCUMENT_LINES,
    INVOICES,
    LINE_PARTS,
    any_of,
)
from services.kernel.identifiers import CustomerName, InvoiceName, RunName
from services.kernel.page import Page, PageRequest
from services.kernel.period import Month
from services.runtime.database import bulk_insert
from services.runtime.unit_of_work import current_connection


class PostgresDocuments:
    """Reads and writes documents on the current connection."""

    def add_drafts(
        self, *, invoices: Sequence[Invoice], credit_notes: Sequence[CreditNote]
    ) -> None:
        """Write drafts with their lines."""
        documents: list[Invoice | CreditNote] = [*invoices, *credit_notes]
        bulk_insert(INVOICES, [to_invoice_row(each) for each in invoices])
        bulk_insert(CREDIT_NOTES, [to_credit_note_row(each) for each in credit_notes])
        bulk_insert(DOCUMENT_LINES, [row for each in documents for row in to_line_rows(each)])
        bulk_insert(LINE_PARTS, [row for each in documents for row in to_part_rows(each)])

    def drop_drafts(self, run: RunName) -> None:
        """Delete the drafts of a superseded run."""
        for table in (CREDIT_NOTES, INVOICES):
            names = select(table.c.name).where(table.c.run == run)
            for part in (LINE_PARTS, DOCUMENT_LINES):
                current_connection().execute(delete(part).where(part.c.document.in_(names)))
            current_connection().execute(delete(table).where(table.c.run == run))

    def of_run(self, run: RunName) -> tuple[tuple[Invoice, ...], tuple[CreditNote, ...]]:
        """Read the documents of a run with their lines, by name."""
        which = DocumentFilter(run=run)
        invoices = _invoices(_filtered(INVOICES, which))
        return invoices, _credit_notes(_filtered(CREDIT_NOTES, which))

    def issue(self, run: RunName, *, month: Month, due_date: date, time: datetime) -> None:
        """Number the drafts of a run without a gap, by name, and turn them into ISSUED."""
        document_numbers.issue_invoices(run=run, year=month.year, due_date=due_date, time=time)
        document_numbers.issue_credit_notes(run=run, year=month.year, time=time)

    def billed(
        self, customers: Sequence[CustomerName]
    ) -> Mapping[CustomerName, tuple[Billed, ...]]:
        """Sum what was billed of every segment: issued lines, and credit notes that correct."""
        return billed_sums.billed(customers)

    def open_invoices(
        self, customers: Sequence[CustomerName]
    ) -> Mapping[CustomerName, tuple[OpenInvoice, ...]]:
        """Read issued invoices with something left of their net, the newest first."""
        return billed_sums.open_invoices(customers)

    def find_invoice(self, name: InvoiceName) -> Invoice | None:
        """Read one invoice with its lines."""
        found = _invoices(select(INVOICES).where(INVOICES.c.name == name))
        return found[0] if found else None

    def list_invoices(self, which: DocumentFilter, page: PageRequest) -> Page[Invoice]:
        """Read a page of invoices with their lines, by name."""
        found = _invoices(_paged(INVOICES, which, page))
        items = found[: page.size]
        return Page(items, (items[-1].name,) if len(found) > page.size else None)

    def list_credit_notes(self, which: DocumentFilter, page: PageRequest) -> Page[CreditNote]:
        """Read a page of credit notes with their lines, by name."""
        found = _credit_notes(_paged(CREDIT_NOTES, which, page))
        items = found[: page.size]
        return Page(items, (items[-1].name,) if len(found) > page.size else None)


def _paged(table: Table, which: DocumentFilter, page: PageRequest) -> Select[*tuple[object, ...]]:
    statement = _filtered(table, which).limit(page.size + 1)
    return statement if page.after is None else statement.where(table.c.name > page.after[0])


def _filtered(table: Table, which: DocumentFilter) -> Select[*tuple[object, ...]]:
    statement = select(table).order_by(table.c.name)
    if which.customer is not None:
        statement = statement.where(table.c.customer == which.customer)
    if which.month is not None:
        statement = statement.where(table.c.month == str(which.month))
    if which.run is not None:
        statement = statement.where(table.c.run == which.run)
    if which.state is not None:
        statement = statement.where(table.c.state == which.state.value)
    if which.issued_only:
        statement = statement.where(table.c.state != InvoiceState.DRAFT.value)
    return statement


def _invoices(statement: Select[*tuple[object, ...]]) -> tuple[Invoice, ...]:
    rows = current_connection().execute(statement).mappings().all()
    lines = _lines([row["name"] for row in rows])
    return tuple(from_invoice_row(row, lines.get(row["name"], [])) for row in rows)


def _credit_notes(statement: Select[*tuple[object, ...]]) -> tuple[CreditNote, ...]:
    rows = current_connection().execute(statement).mappings().all()
    lines = _lines([row["name"] for row in rows])
    return tuple(from_credit_note_row(row, lines.get(row["name"], [])) for row in rows)


def _lines(documents: Sequence[str]) -> dict[str, list[InvoiceLine]]:
    """Read the lines of documents, in order."""
    if not documents:
        return {}
    parts = _grouped(LINE_PARTS, documents, "line", "part")
    lines = _grouped(DOCUMENT_LINES, documents, "line")
    made: dict[str, list[InvoiceLine]] = {}
    for document, rows in lines.items():
        mine = parts.get(document, [])
        made[document] = [
            from_line_row(row, [part for part in mine if part["line"] == row["line"]])
            for row in rows
        ]
    return made


def _grouped(table: Table, documents: Sequence[str], *order: str) -> dict[str, list[RowMapping]]:
    statement = select(table).where(table.c.document == any_of(documents))
    ordered = statement.order_by(table.c.document, *(table.c[column] for column in order))
    rows = current_connection().execute(ordered).mappings()
    return {name: list(group) for name, group in groupby(rows, key=lambda row: row["document"])}
