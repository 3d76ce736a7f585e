"""Valid entries of the ledger."""

from datetime import date

from services.kernel.identifiers import CustomerName
from services.kernel.period import Month
from services.ledger.domain.chart import (
    CUSTOMER_FEES,
    CUSTOMER_PAYABLES,
    FEE_REVENUE,
    RECEIVABLES,
)
from services.ledger.domain.journal import Book, JournalEntry, Posting, pair

JANUARY, FEBRUARY, MARCH = Month(2025, 1), Month(2025, 2), Month(2025, 3)
HANCHUAN = CustomerName("customers/hanchuan")
YANGLUO = CustomerName("customers/yangluo")


def fee_postings(quantity: int = 10_000, customer: CustomerName = HANCHUAN) -> tuple[Posting, ...]:
    """A fee in the company's book and in the customer's mirror."""
    ours = pair(
        debit=RECEIVABLES,
        credit=FEE_REVENUE,
        book=Book.COMPANY,
        unit="CNY",
        quantity=quantity,
        customer=customer,
    )
    theirs = pair(
        debit=CUSTOMER_FEES,
        credit=CUSTOMER_PAYABLES,
        book=Book.CUSTOMER,
        unit="CNY",
        quantity=quantity,
        customer=customer,
    )
    return ours + theirs


def an_entry(
    source: str = "invoices/2025-01-hanchuan",
    *,
    purpose: str = "issue",
    month: Month = JANUARY,
    event_date: date | None = None,
    postings: tuple[Posting, ...] | None = None,
    description: str = "management fee",
) -> JournalEntry:
    """An entry that balances."""
    return JournalEntry(
        event_date=event_date or month.last_day,
        month=month,
        source=source,
        purpose=purpose,
        description=description,
        postings=fee_postings() if postings is None else postings,
    )
