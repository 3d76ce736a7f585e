"""Incentives on the platform."""

from tanheng.incentives.v1 import incentive_service_pb2_grpc, scheme_service_pb2_grpc

from services.billing.application.fee_income import FeeIncome
from services.billing.persistence.billing_runs import PostgresBillingRuns
from services.bootstrap import ledger, pricing
from services.bootstrap.incentive_figures import (
    AwardBooks,
    BookedProvisions,
    IssuedFees,
    LedgerMonths,
    MarketAverages,
    SettledContracts,
)
from services.bootstrap.platform import Platform, RoomParts, RunOperations
from services.incentives.api.incentive_service import IncentiveServicer, IncentiveVerbs
from services.incentives.api.run_translation import OPERATIONS
from services.incentives.api.scheme_service import SchemeServicer, SchemeVerbs
from services.incentives.application.approve_incentive_run import ApproveIncentiveRun
from services.incentives.application.approve_scheme import ApproveScheme
from services.incentives.application.calculate_run import CalculateRun
from services.incentives.application.create_scheme import CreateScheme
from services.incentives.application.export_report import ExportReport
from services.incentives.application.fail_incentive_run import FailIncentiveRun
from services.incentives.application.get_award import GetAward
from services.incentives.application.get_incentive_run import GetIncentiveRun
from services.incentives.application.get_scheme import GetScheme
from services.incentives.application.list_awards import ListAwards
from services.incentives.application.list_incentive_runs import ListIncentiveRuns
from services.incentives.application.list_metrics import ListMetrics
from services.incentives.application.list_schemes import ListSchemes
from services.incentives.application.measure_cycle import MeasureCycle
from services.incentives.application.post_incentive_run import PostIncentiveRun
from services.incentives.application.preview_pool import PreviewPool
from services.incentives.application.review_incentive_run import ReviewIncentiveRun
from services.incentives.application.set_assignments import SetAssignments
from services.incentives.application.start_incentive_run import StartIncentiveRun
from services.incentives.jobs.incentive_runs import QueuedRuns, register
from services.incentives.persistence.assignments import PostgresAssignments
from services.incentives.persistence.awards import PostgresAwards
from services.incentives.persistence.runs import PostgresRuns
from services.incentives.persistence.schemes import PostgresSchemes
from services.runtime.jobs import JobQueue
from services.settlement.application.list_contracts import ListContracts
from services.settlement.application.list_settlements import ListSettlements
from services.settlement.persistence.contracts import PostgresContracts
from services.settlement.persistence.settlement_source import PostgresSettlementSource
from services.settlement.persistence.settlements import PostgresSettlements


def assemble(platform: Platform) -> RoomParts:
    """Join the room's verbs to what they need."""
    schemes = SchemeServicer(scheme_verbs(platform))
    incentives = IncentiveServicer(incentive_verbs(platform))

    def register_jobs(queue: JobQueue) -> None:
        register(queue, calculate_run(platform), fail_incentive_run(platform))

    return RoomParts(
        servicers=(
            (scheme_service_pb2_grpc.add_SchemeServiceServicer_to_server, schemes),
            (incentive_service_pb2_grpc.add_IncentiveServiceServicer_to_server, incentives),
        ),
        operations={OPERATIONS: RunOperations(incentives.operation, incentives.operations)},
        register_jobs=register_jobs,
    )


def scheme_verbs(platform: Platform) -> SchemeVerbs:
    """The verbs about schemes and who takes part."""
    work, schemes = platform.unit_of_work, PostgresSchemes()
    return SchemeVerbs(
        create_scheme=CreateScheme(
            unit_of_work=work, schemes=schemes, principal=platform.principal
        ),
        approve_scheme=ApproveScheme(
            unit_of_work=work, schemes=schemes, principal=platform.principal
        ),
        get_scheme=GetScheme(unit_of_work=work, schemes=schemes),
        list_schemes=ListSchemes(unit_of_work=work, schemes=schemes),
        set_assignments=SetAssignments(
            unit_of_work=work, schemes=schemes, assignments=PostgresAssignments()
        ),
    )


def incentive_verbs(platform: Platform) -> IncentiveVerbs:
    """The verbs about metrics, pools, runs and awards."""
    work, clock, principal = platform.unit_of_work, platform.clock, platform.principal
    schemes, runs, awards = PostgresSchemes(), PostgresRuns(), PostgresAwards()
    return IncentiveVerbs(
        preview_pool=PreviewPool(),
        list_metrics=ListMetrics(
            unit_of_work=work, schemes=schemes, measure_cycle=measure_cycle(platform)
        ),
        start_incentive_run=StartIncentiveRun(
            unit_of_work=work,
            schemes=schemes,
            assignments=PostgresAssignments(),
            runs=runs,
            queue=QueuedRuns(platform.queue),
            measure_cycle=measure_cycle(platform),
            clock=clock,
            principal=principal,
        ),
        get_incentive_run=GetIncentiveRun(unit_of_work=work, runs=runs),
        list_incentive_runs=ListIncentiveRuns(unit_of_work=work, runs=runs),
        review_incentive_run=ReviewIncentiveRun(
            unit_of_work=work, runs=runs, clock=clock, principal=principal
        ),
        approve_incentive_run=ApproveIncentiveRun(
            unit_of_work=work, runs=runs, clock=clock, principal=principal
        ),
        post_incentive_run=PostIncentiveRun(
            unit_of_work=work,
            runs=runs,
            books=AwardBooks(
                post_entries=ledger.post_entries(platform),
                booking_month=ledger.booking_month(platform),
            ),
        ),
        list_awards=ListAwards(unit_of_work=work, awards=awards, principal=principal),
        get_award=GetAward(unit_of_work=work, awards=awards, principal=principal),
        export_report=ExportReport(
            unit_of_work=work, runs=runs, awards=awards, principal=principal
        ),
    )


def calculate_run(platform: Platform) -> CalculateRun:
    """The work of a deferred calculation."""
    return CalculateRun(
        unit_of_work=platform.unit_of_work,
        schemes=PostgresSchemes(),
        assignments=PostgresAssignments(),
        runs=PostgresRuns(),
        awards=PostgresAwards(),
        measure_cycle=measure_cycle(platform),
    )


def fail_incentive_run(platform: Platform) -> FailIncentiveRun:
    """The work of a deferred calculation that was given up."""
    return FailIncentiveRun(unit_of_work=platform.unit_of_work, runs=PostgresRuns())


def measure_cycle(platform: Platform) -> MeasureCycle:
    """The measurement of closed months, by the other rooms' figures."""
    work = platform.unit_of_work
    months = LedgerMonths(list_month_books=ledger.list_month_books(platform))
    return MeasureCycle(
        closed_months=months,
        contracts=SettledContracts(
            months=months,
            list_contracts=ListContracts(unit_of_work=work, contracts=PostgresContracts()),
            list_settlements=ListSettlements(
                unit_of_work=work,
                settlements=PostgresSettlements(),
                principal=platform.principal,
            ),
            source=PostgresSettlementSource(),
        ),
        fee_income=IssuedFees(fee_income=FeeIncome(unit_of_work=work, runs=PostgresBillingRuns())),
        provisions=BookedProvisions(account_balances=ledger.account_balances(platform)),
        benchmark_prices=MarketAverages(compute_average=pricing.compute_average(platform)),
    )
