"""What issued documents say to the books."""

from dataclasses import replace

from services.billing.domain.amounts import Amounts
from services.billing.domain.invoice import Invoice, InvoiceState
from services.billing.domain.postings import invoice_entry
from services.kernel.identifiers import InvoiceName, RunName
from services.kernel.period import Month
from tests.builders.billing import HANCHUAN

INVOICE = Invoice(
    name=InvoiceName("invoices/2025-03-hanchuan"),
    customer=HANCHUAN,
    month=Month(2025, 3),
    run=RunName("billingRuns/2025-03-1"),
    state=InvoiceState.ISSUED,
    totals=Amounts(100, 6, 106),
    number="INV-2025-000001",
)


def test_an_invoice_is_booked_on_both_sides() -> None:
    entry = invoice_entry(INVOICE)
    assert entry is not None
    legs = {each.ledger_account.rpartition("/")[2]: each.quantity for each in entry.postings}
    assert legs == {
        "receivables": 106,
        "fee-revenue": -100,
        "vat-payable": -6,
        "customer-fees": 100,
        "customer-input-vat": 6,
        "customer-payables": -106,
    }
    assert {each.customer for each in entry.postings} == {HANCHUAN}


def test_an_entry_has_no_leg_of_zero() -> None:
    entry = invoice_entry(replace(INVOICE, totals=Amounts(100, 0, 100)))
    assert entry is not None
    assert len(entry.postings) == 4


def test_an_invoice_of_zero_is_not_booked() -> None:
    assert invoice_entry(replace(INVOICE, totals=Amounts(0, 0, 0))) is None
