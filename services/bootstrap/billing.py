"""Billing on the platform, the verbs of it that other rooms use, and who answers its ports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tanheng.billing.v1 import (
    asset_scale_service_pb2_grpc,
    billing_service_pb2_grpc,
    customer_service_pb2_grpc,
)

from services.billing.api.asset_scale_service import AssetScaleServicer
from services.billing.api.billing_service import BillingServicer
from services.billing.api.customer_service import CustomerServicer
from services.billing.application.approve_billing_run import ApproveBillingRun
from services.billing.application.bill_chunk import BillChunk
from services.billing.application.billing_checklist import BillingChecklist
from services.billing.application.create_customer import CreateCustomer
from services.billing.application.fail_billing_run import FailBillingRun
from services.billing.application.fee_income import FeeIncome
from services.billing.application.get_billing_run import GetBillingRun
from services.billing.application.get_customer import GetCustomer
from services.billing.application.get_invoice import GetInvoice
from services.billing.application.inputs_reader import InputsReader
from services.billing.application.issue_invoices import IssueInvoices
from services.billing.application.list_asset_scales import ListAssetScales
from services.billing.application.list_billing_runs import ListBillingRuns
from services.billing.application.list_credit_notes import ListCreditNotes
from services.billing.application.list_customers import ListCustomers
from services.billing.application.list_customers_served import ListCustomersServed
from services.billing.application.list_invoices import ListInvoices
from services.billing.application.ports import TariffRequest
from services.billing.application.preview_management_fee import PreviewManagementFee
from services.billing.application.review_billing_run import ReviewBillingRun
from services.billing.application.run_digest import RunDigest
from services.billing.application.set_asset_scales import SetAssetScale, SetAssetScales
from services.billing.application.start_billing_run import StartBillingRun
from services.billing.application.update_customer import UpdateCustomer
from services.billing.domain.inputs import TradedTonnes
from services.billing.domain.tariff import Tariff, TariffSegment
from services.billing.jobs import billing_runs as jobs
from services.billing.persistence.asset_scales import PostgresAssetScales
from services.billing.persistence.billing_runs import PostgresBillingRuns
from services.billing.persistence.customers import PostgresCustomers
from services.billing.persistence.documents import PostgresDocuments
from services.billing.persistence.parameters import PostgresParameters
from services.bootstrap import ledger, pricing, settlement_trades
from services.bootstrap.platform import Platform, RoomParts, RunOperations
from services.kernel.clock import Clock
from services.kernel.identifiers import CustomerName
from services.kernel.period import Month, Period, months_of
from services.kernel.tiers import ChargeModel
from services.ledger.application.list_month_books import ListMonthBooks
from services.ledger.application.month_locks import lock_open_months
from services.ledger.persistence.entries import PostgresEntries
from services.ledger.persistence.months import PostgresMonths
from services.pricing.application.resolve_tariffs import ResolveTariffs, TariffQuestion
from services.pricing.domain.fee_schedule_revision import FeeScheduleRevision
from services.runtime.jobs import JobQueue
from services.settlement.application.traded_tonnes import TradedTonnes as TradedTonnesOfMonths


def assemble(platform: Platform) -> RoomParts:
    """Join the room's verbs to what they need."""
    customers = customer_servicer(platform)
    scales = asset_scale_servicer(platform)
    billing = billing_servicer(platform)

    def register_jobs(queue: JobQueue) -> None:
        jobs.register(queue, bill_chunk(platform), fail_billing_run(platform))

    return RoomParts(
        servicers=(
            (customer_service_pb2_grpc.add_CustomerServiceServicer_to_server, customers),
            (asset_scale_service_pb2_grpc.add_AssetScaleServiceServicer_to_server, scales),
            (billing_service_pb2_grpc.add_BillingServiceServicer_to_server, billing),
        ),
        operations={"billing-runs": RunOperations(billing.operation, billing.operations)},
        register_jobs=register_jobs,
    )


def customer_servicer(platform: Platform) -> CustomerServicer:
    """The servicer of CustomerService."""
    work, customers, clock = platform.unit_of_work, PostgresCustomers(), platform.clock
    return CustomerServicer(
        create_customer=CreateCustomer(unit_of_work=work, customers=customers, clock=clock),
        get_customer=get_customer(platform),
        list_customers=ListCustomers(unit_of_work=work, customers=customers, clock=clock),
        update_customer=UpdateCustomer(
            unit_of_work=work, customers=customers, books=_books(platform), clock=clock
        ),
        clock=clock,
    )


def asset_scale_servicer(platform: Platform) -> AssetScaleServicer:
    """The servicer of AssetScaleService."""
    many = SetAssetScales(
        unit_of_work=platform.unit_of_work,
        customers=PostgresCustomers(),
        scales=PostgresAssetScales(),
        clock=platform.clock,
    )
    return AssetScaleServicer(
        set_asset_scale=SetAssetScale(set_asset_scales=many),
        set_asset_scales=many,
        list_asset_scales=ListAssetScales(
            unit_of_work=platform.unit_of_work, scales=PostgresAssetScales()
        ),
    )


def billing_servicer(platform: Platform) -> BillingServicer:
    """The servicer of BillingService."""
    work, runs, documents = platform.unit_of_work, PostgresBillingRuns(), PostgresDocuments()
    principal, clock = platform.principal, platform.clock
    return BillingServicer(
        preview_management_fee=PreviewManagementFee(
            unit_of_work=work,
            customers=PostgresCustomers(),
            scales=PostgresAssetScales(),
            tariffs=PricedTariffs(pricing.resolve_tariffs(platform)),
            books=_books(platform),
        ),
        start_billing_run=_start_billing_run(platform),
        get_billing_run=GetBillingRun(unit_of_work=work, runs=runs),
        list_billing_runs=ListBillingRuns(unit_of_work=work, runs=runs),
        review_billing_run=ReviewBillingRun(
            unit_of_work=work, runs=runs, principal=principal, clock=clock
        ),
        approve_billing_run=ApproveBillingRun(
            unit_of_work=work, runs=runs, principal=principal, clock=clock
        ),
        issue_invoices=_issue_invoices(platform),
        get_invoice=GetInvoice(unit_of_work=work, documents=documents, principal=principal),
        list_invoices=ListInvoices(unit_of_work=work, documents=documents, principal=principal),
        list_credit_notes=ListCreditNotes(
            unit_of_work=work, documents=documents, principal=principal
        ),
    )


def bill_chunk(platform: Platform) -> BillChunk:
    """The verb behind the job of a run."""
    return BillChunk(
        unit_of_work=platform.unit_of_work,
        runs=PostgresBillingRuns(),
        documents=PostgresDocuments(),
        inputs=_inputs(platform),
    )


def fail_billing_run(platform: Platform) -> FailBillingRun:
    """The verb behind a job that was given up."""
    return FailBillingRun(
        unit_of_work=platform.unit_of_work,
        runs=PostgresBillingRuns(),
        documents=PostgresDocuments(),
    )


def get_customer(platform: Platform) -> GetCustomer:
    """The verb by which other rooms learn of a customer, its class on a day, its days served."""
    return GetCustomer(unit_of_work=platform.unit_of_work, customers=PostgresCustomers())


def list_customers_served(platform: Platform) -> ListCustomersServed:
    """The verb that tells who was served in a period."""
    return ListCustomersServed(unit_of_work=platform.unit_of_work, customers=PostgresCustomers())


def billing_checklist(platform: Platform) -> BillingChecklist:
    """The verb that tells whether a month's billing lets it close."""
    return BillingChecklist(
        unit_of_work=platform.unit_of_work,
        customers=PostgresCustomers(),
        runs=PostgresBillingRuns(),
        documents=PostgresDocuments(),
        posted=PostgresEntries(),
    )


def fee_income(platform: Platform) -> FeeIncome:
    """The verb that sums the fees of months, for incentives."""
    return FeeIncome(
        unit_of_work=platform.unit_of_work,
        runs=PostgresBillingRuns(),
    )


@dataclass(frozen=True, slots=True)
class LedgerBooks:
    """Answers for the state of months by the ledger."""

    list_month_books: ListMonthBooks
    clock: Clock

    def first_month(self) -> Month | None:
        """Name the month that the books were opened with."""
        return next((books.month for books in self.list_month_books()), None)

    def first_open_month(self) -> Month | None:
        """Name the earliest open month."""
        return next((books.month for books in self.list_month_books() if books.is_open), None)

    def keep_open(self, month: Month) -> None:
        """Keep a month from closing until the transaction ends."""
        lock_open_months(PostgresMonths(), (month,), opened_at=self.clock.now())


@dataclass(frozen=True, slots=True)
class PricedTariffs:
    """Answers by what customers are charged, by pricing's verb."""

    resolve_tariffs: ResolveTariffs

    def __call__(
        self, *, requests: Sequence[TariffRequest]
    ) -> Mapping[TariffRequest, tuple[TariffSegment, ...]]:
        """Cut each request's days by tariff; days that no approved revision covers are left out."""
        questions = {request: _question(request) for request in requests}
        found = self.resolve_tariffs(questions=tuple(questions.values()))
        return {
            request: tuple(
                TariffSegment(segment.period, request.customer_class, _tariff(segment.revision))
                for segment in found[question]
                if segment.revision is not None
            )
            for request, question in questions.items()
        }


@dataclass(frozen=True, slots=True)
class AllocatedTonnes:
    """Answers what was traded for customers, by settlement's verb."""

    of_months: TradedTonnesOfMonths

    def __call__(
        self, *, customers: Sequence[CustomerName], period: Period
    ) -> Sequence[TradedTonnes]:
        """Read the tonnes allocated to customers in the months of a period."""
        found = self.of_months(customers=customers, months=months_of(period))
        return [
            TradedTonnes(customer, month, kind, tonnes)
            for (customer, month, kind), tonnes in sorted(found.items())
        ]


def _start_billing_run(platform: Platform) -> StartBillingRun:
    return StartBillingRun(
        unit_of_work=platform.unit_of_work,
        runs=PostgresBillingRuns(),
        customers=PostgresCustomers(),
        documents=PostgresDocuments(),
        books=_books(platform),
        parameters=PostgresParameters(),
        digest=_digest(platform),
        queue=jobs.QueuedChunks(platform.queue),
        clock=platform.clock,
        principal=platform.principal,
    )


def _issue_invoices(platform: Platform) -> IssueInvoices:
    return IssueInvoices(
        unit_of_work=platform.unit_of_work,
        runs=PostgresBillingRuns(),
        documents=PostgresDocuments(),
        books=_books(platform),
        parameters=PostgresParameters(),
        digest=_digest(platform),
        journal=ledger.post_entries(platform),
        clock=platform.clock,
    )


def _digest(platform: Platform) -> RunDigest:
    return RunDigest(
        inputs=_inputs(platform),
        customers=PostgresCustomers(),
        documents=PostgresDocuments(),
    )


def _inputs(platform: Platform) -> InputsReader:
    return InputsReader(
        customers=PostgresCustomers(),
        scales=PostgresAssetScales(),
        documents=PostgresDocuments(),
        tariffs=PricedTariffs(pricing.resolve_tariffs(platform)),
        traded=AllocatedTonnes(settlement_trades.traded_tonnes(platform)),
        books=_books(platform),
    )


def _books(platform: Platform) -> LedgerBooks:
    return LedgerBooks(ledger.list_month_books(platform), platform.clock)


def _question(request: TariffRequest) -> TariffQuestion:
    return TariffQuestion(request.customer, request.customer_class, request.service, request.period)


def _tariff(revision: FeeScheduleRevision) -> Tariff:
    terms = revision.tariff
    return Tariff(
        rule_version=revision.name,
        charge_model=terms.charge_model or ChargeModel.FLAT,
        tiers=terms.tiers,
        minimum_annual=terms.minimum_annual,
        maximum_annual=terms.maximum_annual,
        per_traded_tonne=terms.per_traded_tonne,
        tax_rate=terms.tax_rate,
        tax_inclusive=terms.tax_inclusive,
    )
