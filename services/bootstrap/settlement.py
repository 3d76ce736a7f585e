"""Settlement on the platform, the verbs of it that other rooms use, and who answers its ports."""

from dataclasses import dataclass

from tanheng.settlement.v1 import contract_service_pb2_grpc, settlement_service_pb2_grpc

from services.billing.application.billing_checklist import BillingChecklist
from services.billing.application.get_customer import GetCustomer
from services.bootstrap import billing, ledger, settlement_trades
from services.bootstrap.platform import Platform, RoomParts, RunOperations
from services.kernel.finding import Finding
from services.kernel.identifiers import CustomerName
from services.kernel.period import Month
from services.runtime.jobs import JobQueue
from services.settlement.api.contract_service import ContractServicer
from services.settlement.api.settlement_service import SettlementServicer, SettlementVerbs
from services.settlement.application.approve_contract import ApproveContract
from services.settlement.application.approve_settlement_run import ApproveSettlementRun
from services.settlement.application.check_month import CheckMonth
from services.settlement.application.close_month import CloseMonth
from services.settlement.application.create_contract import CreateContract
from services.settlement.application.fail_settlement_run import FailSettlementRun
from services.settlement.application.get_contract import GetContract
from services.settlement.application.get_month import GetMonth
from services.settlement.application.get_settlement import GetSettlement
from services.settlement.application.get_settlement_run import GetSettlementRun
from services.settlement.application.list_contracts import ListContracts
from services.settlement.application.list_months import ListMonths
from services.settlement.application.list_settlement_runs import ListSettlementRuns
from services.settlement.application.list_settlements import ListSettlements
from services.settlement.application.open_books import OpenBooks
from services.settlement.application.post_settlement_run import PostSettlementRun
from services.settlement.application.posted_results import PostedResults
from services.settlement.application.preview_settlement import PreviewSettlement
from services.settlement.application.recompute_run import RecomputeRun
from services.settlement.application.review_settlement_run import ReviewSettlementRun
from services.settlement.application.settle_chunk import SettleChunk
from services.settlement.application.start_settlement_run import StartSettlementRun
from services.settlement.application.waive_finding import WaiveFinding
from services.settlement.jobs import settlement_runs as jobs
from services.settlement.persistence.contracts import PostgresContracts
from services.settlement.persistence.settlement_runs import PostgresSettlementRuns
from services.settlement.persistence.settlement_source import PostgresSettlementSource
from services.settlement.persistence.settlements import PostgresSettlements
from services.settlement.persistence.waivers import PostgresWaivers


def assemble(platform: Platform) -> RoomParts:
    """Join the room's verbs to what they need."""
    settlements = SettlementServicer(settlement_verbs(platform))
    add_contracts = contract_service_pb2_grpc.add_ContractServiceServicer_to_server
    add_settlements = settlement_service_pb2_grpc.add_SettlementServiceServicer_to_server

    def register_jobs(queue: JobQueue) -> None:
        jobs.register(queue, settle_chunk(platform), fail_settlement_run(platform))

    return RoomParts(
        servicers=(
            (add_contracts, contract_servicer(platform)),
            settlement_trades.registration(platform),
            (add_settlements, settlements),
        ),
        operations={
            "settlement-runs": RunOperations(settlements.operation, settlements.operations)
        },
        register_jobs=register_jobs,
    )


def contract_servicer(platform: Platform) -> ContractServicer:
    """The servicer of ContractService."""
    work, contracts = platform.unit_of_work, PostgresContracts()
    return ContractServicer(
        create_contract=CreateContract(
            unit_of_work=work,
            contracts=contracts,
            customers=BillingCustomers(billing.get_customer(platform)),
            clock=platform.clock,
            principal=platform.principal,
        ),
        approve_contract=ApproveContract(
            unit_of_work=work,
            contracts=contracts,
            clock=platform.clock,
            principal=platform.principal,
        ),
        get_contract=GetContract(unit_of_work=work, contracts=contracts),
        list_contracts=ListContracts(unit_of_work=work, contracts=contracts),
    )


def settlement_verbs(platform: Platform) -> SettlementVerbs:
    """The verbs of SettlementService."""
    work, clock, principal = platform.unit_of_work, platform.clock, platform.principal
    runs, contracts, source = _repositories()
    settlements, check = PostgresSettlements(), check_month(platform)
    month_books = ledger.get_month_books(platform)
    get_month = GetMonth(unit_of_work=work, month_books=month_books, check_month=check)
    return SettlementVerbs(
        preview_settlement=PreviewSettlement(unit_of_work=work, contracts=contracts, source=source),
        start_settlement_run=start_settlement_run(platform),
        get_settlement_run=GetSettlementRun(unit_of_work=work, runs=runs),
        list_settlement_runs=ListSettlementRuns(unit_of_work=work, runs=runs),
        review_settlement_run=ReviewSettlementRun(
            unit_of_work=work, runs=runs, clock=clock, principal=principal
        ),
        approve_settlement_run=ApproveSettlementRun(
            unit_of_work=work, runs=runs, clock=clock, principal=principal
        ),
        post_settlement_run=post_settlement_run(platform),
        list_settlements=ListSettlements(
            unit_of_work=work, settlements=settlements, principal=principal
        ),
        get_settlement=GetSettlement(
            unit_of_work=work, settlements=settlements, principal=principal
        ),
        open_books=OpenBooks(open_books=ledger.open_books(platform)),
        get_month=get_month,
        close_month=CloseMonth(
            unit_of_work=work,
            month_books=month_books,
            lock_month=ledger.lock_month_books(platform),
            close_books=ledger.close_month_books(platform),
            check_month=check,
        ),
        list_months=ListMonths(month_books=ledger.list_month_books(platform)),
        waive_finding=WaiveFinding(
            unit_of_work=work,
            get_month=get_month,
            waivers=PostgresWaivers(),
            clock=clock,
            principal=principal,
        ),
    )


def start_settlement_run(platform: Platform) -> StartSettlementRun:
    """The verb that begins a run."""
    return StartSettlementRun(
        unit_of_work=platform.unit_of_work,
        runs=PostgresSettlementRuns(),
        source=PostgresSettlementSource(),
        recompute=_recompute_run(),
        month_books=ledger.list_month_books(platform),
        queue=jobs.QueuedChunks(platform.queue),
        clock=platform.clock,
        principal=platform.principal,
    )


def settle_chunk(platform: Platform) -> SettleChunk:
    """The verb behind the job of a run."""
    runs, contracts, source = _repositories()
    return SettleChunk(
        unit_of_work=platform.unit_of_work,
        runs=runs,
        settlements=PostgresSettlements(),
        contracts=contracts,
        source=source,
        trades=settlement_trades.check_trades(platform),
    )


def fail_settlement_run(platform: Platform) -> FailSettlementRun:
    """The verb behind a job that was given up."""
    return FailSettlementRun(unit_of_work=platform.unit_of_work, runs=PostgresSettlementRuns())


def post_settlement_run(platform: Platform) -> PostSettlementRun:
    """The verb that writes a run into the books."""
    return PostSettlementRun(
        unit_of_work=platform.unit_of_work,
        runs=PostgresSettlementRuns(),
        settlements=PostgresSettlements(),
        source=PostgresSettlementSource(),
        trades=settlement_trades.check_trades(platform),
        recompute=_recompute_run(),
        post_entries=ledger.post_entries(platform),
        clock=platform.clock,
    )


def check_month(platform: Platform) -> CheckMonth:
    """The look at everything that must agree before a month closes."""
    runs, contracts, source = _repositories()
    return CheckMonth(
        unit_of_work=platform.unit_of_work,
        runs=runs,
        contracts=contracts,
        source=source,
        trades=settlement_trades.check_trades(platform),
        billing=IssuedInvoices(billing.billing_checklist(platform)),
        month_books=ledger.list_month_books(platform),
        compare_books=ledger.compare_books(platform),
        waivers=PostgresWaivers(),
    )


def posted_results(platform: Platform) -> PostedResults:
    """The verb by which incentives learn what was posted."""
    return PostedResults(
        unit_of_work=platform.unit_of_work,
        contracts=PostgresContracts(),
        settlements=PostgresSettlements(),
    )


@dataclass(frozen=True, slots=True)
class BillingCustomers:
    """Answers whether a customer exists, by billing's verb."""

    get_customer: GetCustomer

    def require(self, *, customer: CustomerName) -> None:
        """Make sure that one exists.

        Raises:
            NotFound.
        """
        self.get_customer(name=customer)


@dataclass(frozen=True, slots=True)
class IssuedInvoices:
    """Answers what billing still has to issue, by billing's verb."""

    checklist: BillingChecklist

    def __call__(self, *, month: Month) -> tuple[Finding, ...]:
        """Name what stands in the way of closing a month."""
        return self.checklist(month=month).obstacles


def _recompute_run() -> RecomputeRun:
    runs, contracts, source = _repositories()
    return RecomputeRun(runs=runs, contracts=contracts, source=source)


def _repositories() -> tuple[PostgresSettlementRuns, PostgresContracts, PostgresSettlementSource]:
    return PostgresSettlementRuns(), PostgresContracts(), PostgresSettlementSource()
