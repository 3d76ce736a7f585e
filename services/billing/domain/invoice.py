"""Invoices and credit notes: what a customer's lines of a month become.

An invoice total is never negative. Where the lines of a month come to less than nothing, they
become credit notes against the newest invoices first, never above what is left of their net; what
finds no invoice is carried, since only what was credited counts as billed. Where tax rates differ,
net and gross may differ in sign: then lines that charge are an invoice, the others credit notes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.billing.domain.amounts import Amounts, sum_amounts
from services.billing.domain.credit import Credit, credit_lines
from services.billing.domain.inputs import OpenInvoice
from services.billing.domain.invoice_line import InvoiceLine
from services.kernel.digest import digest_of
from services.kernel.identifiers import CustomerName, InvoiceName, RunName, id_of
from services.kernel.period import Month


class InvoiceState(StrEnum):
    """Where an invoice or a credit note stands."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    PAID = "PAID"
    VOID = "VOID"


class CreditPurpose(StrEnum):
    """CORRECTION reduces what counts as billed; CONCESSION does not."""

    CORRECTION = "CORRECTION"
    CONCESSION = "CONCESSION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """What a customer owes for a month. ``number`` and the dates come with the issue."""

    name: InvoiceName
    customer: CustomerName
    month: Month
    run: RunName
    state: InvoiceState
    totals: Amounts
    lines: tuple[InvoiceLine, ...] = ()
    number: str = ""
    due_date: date | None = None
    issued_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNote:
    """What is taken back of one invoice. Its totals are zero or negative."""

    name: str
    customer: CustomerName
    invoice: InvoiceName
    month: Month
    run: RunName
    purpose: CreditPurpose
    state: InvoiceState
    totals: Amounts
    lines: tuple[InvoiceLine, ...] = ()
    number: str = ""
    issued_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Documents:
    """What the lines of a customer's month became, and the net that found no invoice to credit."""

    invoice: Invoice | None
    credit_notes: tuple[CreditNote, ...]
    carried_net_fen: int = 0

    @property
    def all(self) -> tuple[Invoice | CreditNote, ...]:
        """Every document."""
        return (*((self.invoice,) if self.invoice else ()), *self.credit_notes)


def draft_documents(
    lines: Sequence[InvoiceLine],
    *,
    customer: CustomerName,
    month: Month,
    run: RunName,
    series: int,
    open_invoices: Sequence[OpenInvoice],
) -> Documents:
    """Make drafts of the lines: an invoice, or credit notes. ``series`` is 1 for the first issue.

    Runs after the first issue of a month make no invoice of zeros: the first one listed them.
    """
    totals = sum_amounts(line.amounts for line in lines)
    if not lines or (series > 1 and all(line.amounts.gross_fen == 0 for line in lines)):
        return Documents(None, ())
    stem = f"{month}-{id_of(customer)}" if series == 1 else f"{month}-{series}-{id_of(customer)}"
    drafting = _Drafting(stem=stem, customer=customer, month=month, run=run)
    if totals.net_fen >= 0 and totals.gross_fen >= 0:
        return Documents(drafting.invoice(lines), ())
    together = drafting.credit(lines, open_invoices)
    if all(_takes_back(note.totals) for note in together.credit_notes):
        return together
    apart = drafting.credit([line for line in lines if not line.charges], open_invoices)
    return replace(apart, invoice=drafting.invoice([line for line in lines if line.charges]))


def documents_digest(documents: Sequence[Invoice | CreditNote]) -> str:
    """Compute the fingerprint of a customer's drafts: every amount, and the rule it came by."""
    return digest_of(_facts(document) for document in sorted(documents, key=lambda d: d.name))


def _facts(document: Invoice | CreditNote) -> list[object]:
    return [document.name, [_line_facts(line) for line in document.lines]]


def _line_facts(line: InvoiceLine) -> list[object]:
    amounts, span = line.amounts, line.service_period
    return [
        line.kind,
        line.service,
        [amounts.net_fen, amounts.tax_fen, amounts.gross_fen],
        [str(span.start), str(span.end), str(line.corrects_month or "")],
        [line.rule_version, line.scale_version, f"{line.taxation.rate.normalize():f}"],
        [[part.key.segment_key, part.own_fen] for part in line.parts],
    ]


def _takes_back(totals: Amounts) -> bool:
    """Tell whether both are zero or below: lines of several tax rates may differ in sign."""
    return totals.net_fen <= 0 and totals.gross_fen <= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drafting:
    """Whose documents are drafted, in which month and run, and how their names begin."""

    stem: str
    customer: CustomerName
    month: Month
    run: RunName

    def invoice(self, lines: Sequence[InvoiceLine]) -> Invoice:
        """Make an invoice of lines."""
        return Invoice(
            name=InvoiceName(f"invoices/{self.stem}"),
            customer=self.customer,
            month=self.month,
            run=self.run,
            state=InvoiceState.DRAFT,
            totals=sum_amounts(line.amounts for line in lines),
            lines=tuple(lines),
        )

    def credit(
        self, lines: Sequence[InvoiceLine], open_invoices: Sequence[OpenInvoice]
    ) -> Documents:
        """Lay lines on open invoices."""
        credited = credit_lines(lines, open_invoices=open_invoices)
        notes = tuple(
            self._note(credit, index) for index, credit in enumerate(credited.credits, start=1)
        )
        return Documents(None, notes, credited.carried_net_fen)

    def _note(self, credit: Credit, index: int) -> CreditNote:
        return CreditNote(
            name=f"creditNotes/{self.stem}-{index}",
            customer=self.customer,
            invoice=credit.invoice,
            month=self.month,
            run=self.run,
            purpose=CreditPurpose.CORRECTION,
            state=InvoiceState.DRAFT,
            totals=sum_amounts(line.amounts for line in credit.lines),
            lines=credit.lines,
        )
