"""What an issued document says to the books: the company's, and the customer's mirror."""

from services.billing.domain.amounts import Amounts
from services.billing.domain.invoice import CreditNote, Invoice
from services.kernel.identifiers import CustomerName
from services.ledger.domain.chart import (
    CUSTOMER_FEES,
    CUSTOMER_INPUT_VAT,
    CUSTOMER_PAYABLES,
    FEE_REVENUE,
    RECEIVABLES,
    VAT_PAYABLE,
)
from services.ledger.domain.journal import Book, JournalEntry, Posting

ISSUE = "issue"
"""The purpose of the entry of an issued document."""


def invoice_entry(document: Invoice | CreditNote) -> JournalEntry | None:
    """Post a document: receivable against revenue and tax. None when it comes to nothing.

    A credit note's totals are negative, so the same legs turn round. Booked on the last day of its
    month.
    """
    legs = _legs(document.totals, document.customer)
    if not legs:
        return None
    return JournalEntry(
        event_date=document.month.last_day,
        month=document.month,
        source=document.name,
        purpose=ISSUE,
        description=f"{document.number} {document.customer} {document.month}",
        postings=legs,
    )


def _legs(totals: Amounts, customer: CustomerName) -> tuple[Posting, ...]:
    legs = (
        (RECEIVABLES, Book.COMPANY, totals.gross_fen),
        (FEE_REVENUE, Book.COMPANY, -totals.net_fen),
        (VAT_PAYABLE, Book.COMPANY, -totals.tax_fen),
        (CUSTOMER_FEES, Book.CUSTOMER, totals.net_fen),
        (CUSTOMER_INPUT_VAT, Book.CUSTOMER, totals.tax_fen),
        (CUSTOMER_PAYABLES, Book.CUSTOMER, -totals.gross_fen),
    )
    return tuple(
        Posting(account, book, "CNY", fen, customer) for account, book, fen in legs if fen != 0
    )
