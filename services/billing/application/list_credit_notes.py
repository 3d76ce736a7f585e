"""ListCreditNotes: read a page of credit notes."""

from dataclasses import dataclass, replace

from services.billing.application.ports import DocumentFilter, Documents
from services.billing.domain.invoice import CreditNote
from services.kernel.authority import CurrentPrincipal
from services.kernel.page import Page, PageRequest
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCreditNotes:
    """Reads those that the caller may see, by name; customers see no drafts."""

    unit_of_work: UnitOfWork
    documents: Documents
    principal: CurrentPrincipal

    def __call__(self, *, which: DocumentFilter, page: PageRequest) -> Page[CreditNote]:
        """Read a page."""
        issued_only = which.issued_only or not self.principal().sees_every_customer
        with self.unit_of_work():
            return self.documents.list_credit_notes(replace(which, issued_only=issued_only), page)
