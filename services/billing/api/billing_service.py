"""BillingService on the wire."""

from dataclasses import dataclass

import grpc
from google.longrunning import operations_pb2
from tanheng.billing.v1 import billing_service_pb2 as wire
from tanheng.billing.v1 import billing_service_pb2_grpc, invoice_pb2

from services.billing.api.billing_run_translation import to_wire_billing_run, to_wire_operation
from services.billing.api.invoice_translation import (
    from_wire_credit_note_filter,
    from_wire_invoice_filter,
    to_wire_credit_note,
    to_wire_invoice,
)
from services.billing.api.preview_translation import (
    check_forms,
    from_wire_scale,
    from_wire_served,
    from_wire_tariff,
    to_wire_preview,
)
from services.billing.application.approve_billing_run import ApproveBillingRun
from services.billing.application.get_billing_run import GetBillingRun
from services.billing.application.get_invoice import GetInvoice
from services.billing.application.issue_invoices import IssueInvoices
from services.billing.application.list_billing_runs import ListBillingRuns
from services.billing.application.list_credit_notes import ListCreditNotes
from services.billing.application.list_invoices import ListInvoices
from services.billing.application.preview_management_fee import (
    PreviewManagementFee,
    preview_tariff,
)
from services.billing.application.review_billing_run import ReviewBillingRun
from services.billing.application.start_billing_run import StartBillingRun
from services.kernel.identifiers import CustomerName, InvoiceName, RunName
from services.kernel.page import Page, PageRequest
from services.wire.dates import from_wire_month
from services.wire.pages import from_wire_page, to_wire_token


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingServicer(billing_service_pb2_grpc.BillingServiceServicer):
    """Translates in, calls one verb, translates out."""

    preview_management_fee: PreviewManagementFee
    start_billing_run: StartBillingRun
    get_billing_run: GetBillingRun
    list_billing_runs: ListBillingRuns
    review_billing_run: ReviewBillingRun
    approve_billing_run: ApproveBillingRun
    issue_invoices: IssueInvoices
    get_invoice: GetInvoice
    list_invoices: ListInvoices
    list_credit_notes: ListCreditNotes

    def PreviewManagementFee(  # noqa: N802 - the contract's name
        self,
        request: wire.PreviewManagementFeeRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.PreviewManagementFeeResponse:
        """Compute the fee of a year; of a tariff in full without any database."""
        check_forms(request)
        served = from_wire_served(request)
        if request.customer:
            name = CustomerName(request.customer)
            preview = self.preview_management_fee(name=name, year=request.year, served=served)
        else:
            preview = preview_tariff(
                tariff=from_wire_tariff(request),
                scale_tonnes=from_wire_scale(request),
                year=request.year,
                served=served,
            )
        return to_wire_preview(preview)

    def StartBillingRun(  # noqa: N802 - the contract's name
        self,
        request: wire.StartBillingRunRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> operations_pb2.Operation:
        """Start a run."""
        return to_wire_operation(self.start_billing_run(month=from_wire_month(request.month)))

    def GetBillingRun(  # noqa: N802 - the contract's name
        self,
        request: wire.GetBillingRunRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.BillingRun:
        """Show a run."""
        return to_wire_billing_run(self.get_billing_run(name=RunName(request.name)))

    def ListBillingRuns(  # noqa: N802 - the contract's name
        self,
        request: wire.ListBillingRunsRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.ListBillingRunsResponse:
        """Show a page of runs."""
        page = self.list_billing_runs(
            month=from_wire_month(request.month) if request.month else None,
            page=from_wire_page(request),
        )
        return wire.ListBillingRunsResponse(
            billing_runs=[to_wire_billing_run(run) for run in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def ReviewBillingRun(  # noqa: N802 - the contract's name
        self,
        request: wire.ReviewBillingRunRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.BillingRun:
        """Sign as reviewer."""
        run = self.review_billing_run(run=RunName(request.name), digest=request.digest)
        return to_wire_billing_run(run)

    def ApproveBillingRun(  # noqa: N802 - the contract's name
        self,
        request: wire.ApproveBillingRunRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.BillingRun:
        """Sign as approver."""
        run = self.approve_billing_run(run=RunName(request.name), digest=request.digest)
        return to_wire_billing_run(run)

    def IssueInvoices(  # noqa: N802 - the contract's name
        self,
        request: wire.IssueInvoicesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.BillingRun:
        """Number and post the documents of a run."""
        return to_wire_billing_run(self.issue_invoices(run=RunName(request.billing_run)))

    def GetInvoice(  # noqa: N802 - the contract's name
        self,
        request: wire.GetInvoiceRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> invoice_pb2.Invoice:
        """Show an invoice."""
        return to_wire_invoice(self.get_invoice(name=InvoiceName(request.name)))

    def ListInvoices(  # noqa: N802 - the contract's name
        self,
        request: wire.ListInvoicesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.ListInvoicesResponse:
        """Show a page of invoices."""
        page = self.list_invoices(
            which=from_wire_invoice_filter(request), page=from_wire_page(request)
        )
        return wire.ListInvoicesResponse(
            invoices=[to_wire_invoice(invoice) for invoice in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def ListCreditNotes(  # noqa: N802 - the contract's name
        self,
        request: wire.ListCreditNotesRequest,
        context: grpc.ServicerContext,  # noqa: ARG002 - grpc's signature
    ) -> wire.ListCreditNotesResponse:
        """Show a page of credit notes."""
        page = self.list_credit_notes(
            which=from_wire_credit_note_filter(request), page=from_wire_page(request)
        )
        return wire.ListCreditNotesResponse(
            credit_notes=[to_wire_credit_note(note) for note in page.items],
            next_page_token=to_wire_token(request, page.next_after),
        )

    def operation(self, key: str) -> operations_pb2.Operation:
        """Show a run as an operation."""
        return to_wire_operation(self.get_billing_run(name=RunName(f"billingRuns/{key}")))

    def operations(self, page: PageRequest) -> Page[operations_pb2.Operation]:
        """Show a page of runs as operations."""
        runs = self.list_billing_runs(month=None, page=page)
        return Page(tuple(map(to_wire_operation, runs.items)), runs.next_after)
