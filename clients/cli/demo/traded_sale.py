"""The disclosed sale once more, as a trade: recorded, allocated to a contract, freed of its tax."""

from collections.abc import Iterator
from pathlib import Path

from tanheng.settlement.v1 import trade_service_pb2, trade_service_pb2_grpc

from clients.cli.demo.cast import Cast, Person
from clients.cli.demo.published import Compared
from clients.cli.demo.steps import Steps
from clients.cli.loading import market, masters
from clients.cli.messages import Record
from clients.cli.records import Row, read_rows
from clients.cli.runs import MonthRuns
from clients.cli.spelling import write_money

CUSTOMER_ID = "xilaifeng-disclosed"
CUSTOMER = f"customers/{CUSTOMER_ID}"
CONTRACT = "contracts/xilaifeng-disclosed"


def trade_disclosed_sale(file: Path, month: str, cast: Cast, steps: Steps) -> Iterator[Compared]:
    """Book the sale for its buyer in the first open month, and compare what the contract gets."""
    for row in read_rows(file):
        given = {key: str(value) for key, value in row.record.items()}
        _conclude_contract(given, cast)
        loaded = market.load_trades(cast.acting(Person.TRADER), [Row(1, _trade(given))])
        steps.loaded(loaded, Person.TRADER)
        operator = MonthRuns(cast.acting(Person.OPERATOR), month)
        operator.allocate()
        steps.done(f"{month} allocated: the sale came late, and keeps its day", Person.OPERATOR)
        request = trade_service_pb2.ListAllocationsRequest(contract=CONTRACT)
        stub = trade_service_pb2_grpc.TradeServiceStub(operator.connection.channel)
        answer = operator.connection.call(stub.ListAllocations, request)
        for part in answer.allocations:
            label = f"trade of {given['trade_date']}"
            gross, net = given["gross_cny"], given["net_of_6_percent_vat_cny"]
            yield Compared(f"{label}, with tax", gross, write_money(part.amount))
            yield Compared(f"{label}, without tax", net, write_money(part.contract_amount))


def _conclude_contract(given: dict[str, str], cast: Cast) -> None:
    customer = {
        "customer_id": CUSTOMER_ID,
        "display_name": given["buyer"],
        "customer_class": "INTERNAL",
        "kind": "THERMAL",
        "service_start_date": given["trade_date"],
        "service_end_date": "2023-01-01",
    }
    masters.load_customers(cast.acting(Person.ADMIN), [Row(1, customer)])
    drafted = masters.load_contracts(cast.acting(Person.OPERATOR), [Row(1, _contract(given))])
    masters.approve_contracts(cast.acting(Person.CONTROLLER), drafted.names)


def _contract(given: dict[str, str]) -> Record:
    """A promise at the disclosed price itself, without tax: nobody gains and nobody loses."""
    return {
        "contract_id": CUSTOMER_ID,
        "customer": CUSTOMER,
        "side": "PURCHASE",
        "instruments": [f"{given['instrument']}-2022"],
        "delivery_window": {"start_date": "2022-12-01", "end_date": "2023-01-01"},
        "volume_tonnes": given["volume_tonnes"],
        "promised_price": given["unit_price_cny_tax_inclusive"],
        "gain_share_tiers": [{"customer_share": "0.5"}],
        "price_basis": "EXECUTED",
        "title": "AGENT",
        "tax_inclusive": "false",
        "tax_treatment": "OUT_OF_SCOPE",
        "share_timing": "MONTHLY",
        "undelivered": "EXECUTED_ONLY",
    }


def _trade(given: dict[str, str]) -> Record:
    return {
        "external_id": "disclosed-2022-115",
        "venue": "cneeex",
        "mode": given["mode"],
        "instrument": f"{given['instrument']}-2022",
        "side": "BUY",
        "trade_date": given["trade_date"],
        "tonnes": given["volume_tonnes"],
        "unit_price": given["unit_price_cny_tax_inclusive"],
        "tax_inclusive": "true",
        "contract": CONTRACT,
        "trader": "disclosed",
    }
