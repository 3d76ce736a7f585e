"""Pricing on the platform, and the verbs of it that other rooms use."""

from dataclasses import dataclass
from datetime import date

from tanheng.pricing.v1 import (
    fee_schedule_service_pb2_grpc,
    price_service_pb2_grpc,
    quote_service_pb2_grpc,
)

from services.billing.application.get_customer import GetCustomer
from services.billing.persistence.customers import PostgresCustomers
from services.bootstrap import pricing_quotes, pricing_valuations
from services.bootstrap.exchange import market_rules, trading_calendar
from services.bootstrap.platform import Platform, RoomParts, RunOperations
from services.bootstrap.price_change import FeesByBilling, customers_of_billing
from services.bootstrap.price_dependents import price_dependents
from services.kernel.identifiers import CustomerName
from services.kernel.service import CustomerClass
from services.pricing.api.fee_schedule_service import FeeScheduleServicer, FeeScheduleVerbs
from services.pricing.api.price_service import PriceServicer, PriceVerbs
from services.pricing.application.approve_fee_schedule_revision import ApproveFeeScheduleRevision
from services.pricing.application.compute_average import ComputeAverage
from services.pricing.application.create_fee_schedule import CreateFeeSchedule
from services.pricing.application.create_fee_schedule_revision import CreateFeeScheduleRevision
from services.pricing.application.create_price_series import CreatePriceSeries
from services.pricing.application.estimate_volatility import EstimateVolatility
from services.pricing.application.get_fee_schedule import GetFeeSchedule
from services.pricing.application.get_price_series import GetPriceSeries
from services.pricing.application.import_prices import ImportPrices
from services.pricing.application.list_fee_schedule_revisions import ListFeeScheduleRevisions
from services.pricing.application.list_fee_schedules import ListFeeSchedules
from services.pricing.application.list_price_dependents import ListPriceDependents
from services.pricing.application.list_price_points import ListPricePoints
from services.pricing.application.list_price_series import ListPriceSeries
from services.pricing.application.preview_price_change import PreviewPriceChange
from services.pricing.application.resolve_rate_card import ResolveRateCard
from services.pricing.application.resolve_tariffs import ResolveTariffs
from services.pricing.persistence.fee_schedule_revisions import PostgresFeeScheduleRevisions
from services.pricing.persistence.fee_schedules import PostgresFeeSchedules
from services.pricing.persistence.price_points import PostgresPricePoints
from services.pricing.persistence.price_series import PostgresPriceSeries
from services.runtime.jobs import JobQueue


def assemble(platform: Platform) -> RoomParts:
    """Join the room's verbs to what they need."""
    prices = PriceServicer(price_verbs(platform))
    tariffs = FeeScheduleServicer(fee_schedule_verbs(platform))
    quotes = pricing_quotes.quote_servicer(platform)

    def register_jobs(queue: JobQueue) -> None:
        pricing_valuations.register_jobs(platform, queue)

    return RoomParts(
        servicers=(
            (price_service_pb2_grpc.add_PriceServiceServicer_to_server, prices),
            (fee_schedule_service_pb2_grpc.add_FeeScheduleServiceServicer_to_server, tariffs),
            (quote_service_pb2_grpc.add_QuoteServiceServicer_to_server, quotes),
        ),
        operations={"valuations": RunOperations(quotes.operation, quotes.operations)},
        register_jobs=register_jobs,
        occasions=(pricing_valuations.evening_valuation(platform),),
    )


def price_verbs(platform: Platform) -> PriceVerbs:
    """The verbs about series and points."""
    work, series = platform.unit_of_work, PostgresPriceSeries()
    return PriceVerbs(
        create_price_series=CreatePriceSeries(unit_of_work=work, series=series),
        get_price_series=GetPriceSeries(unit_of_work=work, series=series),
        list_price_series=ListPriceSeries(unit_of_work=work, series=series),
        import_prices=ImportPrices(
            unit_of_work=work,
            series=series,
            points=PostgresPricePoints(),
            dependents=price_dependents(),
            calendar=trading_calendar(),
            market=market_rules(),
            clock=platform.clock,
        ),
        list_price_points=ListPricePoints(
            unit_of_work=work, series=series, points=PostgresPricePoints(), clock=platform.clock
        ),
        compute_average=compute_average(platform),
        list_price_dependents=ListPriceDependents(
            unit_of_work=work,
            series=series,
            points=PostgresPricePoints(),
            dependents=price_dependents(),
            clock=platform.clock,
        ),
        estimate_volatility=estimate_volatility(platform),
    )


def fee_schedule_verbs(platform: Platform) -> FeeScheduleVerbs:
    """The verbs about schedules and revisions."""
    work, clock = platform.unit_of_work, platform.clock
    schedules, revisions = PostgresFeeSchedules(), PostgresFeeScheduleRevisions()
    return FeeScheduleVerbs(
        create_fee_schedule=CreateFeeSchedule(unit_of_work=work, schedules=schedules),
        get_fee_schedule=GetFeeSchedule(unit_of_work=work, schedules=schedules),
        list_fee_schedules=ListFeeSchedules(unit_of_work=work, schedules=schedules),
        create_fee_schedule_revision=CreateFeeScheduleRevision(
            unit_of_work=work,
            schedules=schedules,
            revisions=revisions,
            clock=clock,
            principal=platform.principal,
        ),
        approve_fee_schedule_revision=ApproveFeeScheduleRevision(
            unit_of_work=work, revisions=revisions, clock=clock, principal=platform.principal
        ),
        list_fee_schedule_revisions=ListFeeScheduleRevisions(
            unit_of_work=work, schedules=schedules, revisions=revisions
        ),
        resolve_rate_card=ResolveRateCard(
            unit_of_work=work,
            revisions=revisions,
            customer_classes=BilledCustomerClasses(
                GetCustomer(unit_of_work=work, customers=PostgresCustomers())
            ),
            clock=clock,
        ),
        preview_price_change=PreviewPriceChange(
            unit_of_work=work,
            schedules=schedules,
            revisions=revisions,
            customers=customers_of_billing(),
            fees=FeesByBilling(),
            clock=clock,
        ),
    )


def compute_average(platform: Platform) -> ComputeAverage:
    """The verb that averages a series; settlement and incentives ask it too."""
    return ComputeAverage(
        unit_of_work=platform.unit_of_work,
        series=PostgresPriceSeries(),
        points=PostgresPricePoints(),
        calendar=trading_calendar(),
        clock=platform.clock,
    )


def estimate_volatility(platform: Platform) -> EstimateVolatility:
    """The verb that estimates the volatility of a series."""
    return EstimateVolatility(
        unit_of_work=platform.unit_of_work,
        series=PostgresPriceSeries(),
        points=PostgresPricePoints(),
        clock=platform.clock,
    )


def resolve_tariffs(platform: Platform) -> ResolveTariffs:
    """The verb by which billing learns what its customers are charged by."""
    return ResolveTariffs(
        unit_of_work=platform.unit_of_work,
        revisions=PostgresFeeScheduleRevisions(),
        clock=platform.clock,
    )


@dataclass(frozen=True, slots=True)
class BilledCustomerClasses:
    """Fits the class of a customer to billing's verb."""

    get_customer: GetCustomer

    def class_on(self, customer: CustomerName, day: date) -> CustomerClass:
        """Tell the class of a customer on a day."""
        return self.get_customer(name=customer).class_on(day)
