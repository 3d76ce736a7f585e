"""ListInvoices: read a page of invoices."""

from dataclasses import dataclass

from services.billing.application.ports import DocumentFilter, Documents
from services.billing.domain.invoice import Invoice
from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInvoices:
    """Reads those that the caller may see, by name."""

    unit_of_work: UnitOfWork
    documents: Documents

    def __call__(self, *, which: DocumentFilter, page: PageRequest) -> Page[Invoice]:
        """Read a page."""
        with self.unit_of_work():
            return self.documents.list_invoices(which, page)
