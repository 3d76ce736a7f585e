"""What was billed so far, and what is left of invoices: the sums that the next run starts from."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from sqlalchemy import text

from services.billing.domain.amounts import Taxation
from services.billing.domain.inputs import OpenInvoice
from services.billing.domain.invoice_line import Billed
from services.billing.persistence.document_mapping import from_key_row
from services.kernel.identifiers import CustomerName, InvoiceName
from services.kernel.period import Month
from services.runtime.unit_of_work import current_connection

# A credit note that corrects has negative parts, so the sum is what counts as billed; one out of
# goodwill does not count, else the next month would bill it back.
_BILLED = text(
    """
    SELECT part.customer, part.service, part.charge, part.service_year, part.segment_key,
           sum(part.own_fen)::bigint AS own_fen, max(line.scale_version) AS scale_version,
           min(line.tax_rate) AS tax_rate, bool_and(line.tax_inclusive) AS tax_inclusive
    FROM billing.line_parts AS part
    JOIN billing.document_lines AS line USING (document, line)
    JOIN (
        SELECT name FROM billing.invoices
        WHERE customer = ANY (:customers) AND state IN ('ISSUED', 'PAID')
        UNION ALL
        SELECT name FROM billing.credit_notes
        WHERE customer = ANY (:customers) AND state = 'ISSUED' AND purpose = 'CORRECTION'
    ) AS document ON document.name = part.document
    WHERE part.customer = ANY (:customers)
    GROUP BY part.customer, part.service, part.charge, part.service_year, part.segment_key
    ORDER BY part.customer, part.service, part.charge, part.service_year, part.segment_key
    """
)
_OPEN = text(
    """
    SELECT invoice.customer, invoice.name, invoice.month,
           (invoice.net_fen + coalesce(sum(note.net_fen), 0))::bigint AS open_net_fen
    FROM billing.invoices AS invoice
    LEFT JOIN billing.credit_notes AS note
        ON note.invoice = invoice.name AND note.state = 'ISSUED'
    WHERE invoice.customer = ANY (:customers) AND invoice.state IN ('ISSUED', 'PAID')
    GROUP BY invoice.customer, invoice.name, invoice.month, invoice.net_fen, invoice.number
    HAVING invoice.net_fen + coalesce(sum(note.net_fen), 0) > 0
    ORDER BY invoice.customer, invoice.month DESC, invoice.number DESC
    """
)


def billed(customers: Sequence[CustomerName]) -> Mapping[CustomerName, tuple[Billed, ...]]:
    """Sum what was billed of every segment of customers."""
    rows = current_connection().execute(_BILLED, {"customers": list(customers)}).mappings()
    return {
        CustomerName(customer): tuple(
            Billed(
                from_key_row(row),
                row["own_fen"],
                Taxation(row["tax_rate"], row["tax_inclusive"]),
                row["scale_version"],
            )
            for row in group
        )
        for customer, group in groupby(rows, key=lambda row: row["customer"])
    }


def open_invoices(
    customers: Sequence[CustomerName],
) -> Mapping[CustomerName, tuple[OpenInvoice, ...]]:
    """Read what credit notes have left of the net of customers' invoices, the newest first."""
    rows = current_connection().execute(_OPEN, {"customers": list(customers)}).mappings()
    return {
        CustomerName(customer): tuple(
            OpenInvoice(InvoiceName(row["name"]), Month.parse(row["month"]), row["open_net_fen"])
            for row in group
        )
        for customer, group in groupby(rows, key=lambda row: row["customer"])
    }
