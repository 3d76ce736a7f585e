"""The trades of the settlement room on the platform, and what other rooms answer of the market."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib import resources

from tanheng.settlement.v1 import trade_service_pb2_grpc

from services.billing.application.get_customer import GetCustomer
from services.billing.persistence.customers import PostgresCustomers
from services.bootstrap import ledger
from services.bootstrap.market_days import market_days
from services.bootstrap.platform import Platform
from services.kernel.errors import NotFound
from services.kernel.identifiers import ContractName, CustomerName
from services.kernel.period import Month
from services.runtime.grpc_server import Registration
from services.settlement.api.trade_service import TradeServicer, TradeVerbs
from services.settlement.application.allocate_trades import AllocateTrades
from services.settlement.application.allocation_status import AllocationStatus
from services.settlement.application.check_trades import CheckTrades
from services.settlement.application.correct_trade import CorrectTrade
from services.settlement.application.get_pool_position import GetPoolPosition
from services.settlement.application.list_allocations import ListAllocations
from services.settlement.application.list_trades import ListTrades
from services.settlement.application.record_trades import RecordTrades
from services.settlement.application.trade_ports import KnownCustomers
from services.settlement.application.traded_tonnes import TradedTonnes
from services.settlement.application.transfer_allowances import TransferAllowances
from services.settlement.domain.market_rules import MarketRules, read_market_rules
from services.settlement.persistence.allocations import PostgresAllocations
from services.settlement.persistence.contracts import PostgresContracts
from services.settlement.persistence.trades import PostgresTrades


@dataclass(frozen=True, slots=True)
class BillingCustomers:
    """Answers which customers exist, within what the caller may see."""

    get_customer: GetCustomer

    def __call__(self, names: Collection[CustomerName]) -> frozenset[CustomerName]:
        """Tell which of the names exist."""
        return frozenset(name for name in names if self._exists(name))

    def _exists(self, name: CustomerName) -> bool:
        try:
            self.get_customer(name=name)
        except NotFound:
            return False
        return True


class VolumesAlone:
    """No custody is recorded by contract: a sale is limited by the contract's volume alone."""

    def __call__(self, *, before: Month) -> Mapping[ContractName, int]:  # noqa: ARG002 - the port's
        """Tell what is held; nothing is recorded for any contract."""
        return {}


def market_rules() -> MarketRules:
    """Read the dated rules of the market."""
    data = resources.files("services.settlement.domain")
    with (
        (data / "market_rules.csv").open(encoding="utf-8") as rules,
        (data / "vat_rates.csv").open(encoding="utf-8") as rates,
    ):
        return read_market_rules(rules, rates)


def registration(platform: Platform) -> Registration:
    """The servicer of TradeService, with the function that registers it."""
    servicer = TradeServicer(trade_verbs(platform, customers=_customers(platform)))
    return trade_service_pb2_grpc.add_TradeServiceServicer_to_server, servicer


def trade_verbs(platform: Platform, *, customers: KnownCustomers) -> TradeVerbs:
    """Join the verbs of trades to what they need."""
    work, trades, allocations = platform.unit_of_work, PostgresTrades(), PostgresAllocations()
    record = _record_trades(platform, customers)
    return TradeVerbs(
        record_trades=record,
        list_trades=ListTrades(unit_of_work=work, trades=trades),
        correct_trade=CorrectTrade(
            unit_of_work=work,
            trades=trades,
            contracts=PostgresContracts(),
            market=record.market,
            booking_months=record.booking_months,
            rules=record.rules,
            clock=platform.clock,
            principal=platform.principal,
        ),
        transfer_allowances=TransferAllowances(unit_of_work=work, record_trades=record),
        allocate_trades=AllocateTrades(
            unit_of_work=work,
            trades=trades,
            allocations=allocations,
            contracts=PostgresContracts(),
            holdings=VolumesAlone(),
            booking_months=record.booking_months,
            rules=record.rules,
            clock=platform.clock,
            principal=platform.principal,
        ),
        list_allocations=ListAllocations(unit_of_work=work, allocations=allocations),
        get_pool_position=GetPoolPosition(unit_of_work=work, allocations=allocations),
    )


def check_trades(platform: Platform) -> CheckTrades:
    """What a settlement run and the month close ask of trades."""
    status = AllocationStatus(
        unit_of_work=platform.unit_of_work,
        trades=PostgresTrades(),
        allocations=PostgresAllocations(),
        contracts=PostgresContracts(),
    )
    return CheckTrades(unit_of_work=platform.unit_of_work, trades=PostgresTrades(), status=status)


def traded_tonnes(platform: Platform) -> TradedTonnes:
    """The verb that tells billing what was traded for some customers in some months."""
    return TradedTonnes(unit_of_work=platform.unit_of_work, allocations=PostgresAllocations())


def _record_trades(platform: Platform, customers: KnownCustomers) -> RecordTrades:
    return RecordTrades(
        unit_of_work=platform.unit_of_work,
        trades=PostgresTrades(),
        contracts=PostgresContracts(),
        customers=customers,
        market=market_days(),
        booking_months=ledger.booking_month(platform),
        rules=market_rules(),
        clock=platform.clock,
        principal=platform.principal,
    )


def _customers(platform: Platform) -> BillingCustomers:
    get_customer = GetCustomer(unit_of_work=platform.unit_of_work, customers=PostgresCustomers())
    return BillingCustomers(get_customer)
