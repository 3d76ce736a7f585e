"""GetInvoice: read one invoice."""

from dataclasses import dataclass

from services.billing.application.ports import Documents
from services.billing.domain.invoice import Invoice, InvoiceState
from services.kernel.authority import CurrentPrincipal
from services.kernel.errors import NotFound
from services.kernel.identifiers import InvoiceName
from services.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GetInvoice:
    """Reads it, if it exists and the caller may see it; customers see no drafts."""

    unit_of_work: UnitOfWork
    documents: Documents
    principal: CurrentPrincipal

    def __call__(self, *, name: InvoiceName) -> Invoice:
        """Read it.

        Raises:
            NotFound.
        """
        with self.unit_of_work():
            found = self.documents.find_invoice(name)
        shown = self.principal().sees_every_customer
        if found is None or not (shown or found.state is not InvoiceState.DRAFT):
            raise NotFound(name)
        return found
