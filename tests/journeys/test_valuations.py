"""Open contracts valued together over the wire, on a market that is said or read from a series."""

import json
from decimal import Decimal
from pathlib import Path
from typing import cast

import grpc
import pytest
from google.type.money_pb2 import Money
from tanheng.pricing.v1 import valuation_pb2

from clients.cli.main import main
from tests.support.client import Client, Json, reason_of
from tests.support.month import GroupOffice, day, number
from tests.support.service import Service

SERVICE = "pricing.QuoteService"
PLANTS = 3


@pytest.fixture(scope="module")
def client(module_service: Service) -> Client:
    """A client of a service where three plants have contracts and bought for a month."""
    client = Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )
    office = GroupOffice(client)
    office.set_up(plants=PLANTS)
    office.trade("2025-01", plants=PLANTS)
    allocate: Json = {"month": "2025-01"}
    office.do(
        "settlement.TradeService/AllocateTrades", allocate, role="finance_operator", key="allocate"
    )
    return client


def scenario(**more: object) -> dict[str, object]:
    market = {
        "kind": "INSTRUMENT_KIND_CEA",
        "spot": number("76"),
        "carry_rate": number("0.02"),
        "volatility": number("0.28"),
    }
    return {"markets": [market], "path_count": 20_000, "seed": 7, **more}


def valued(client: Client, **asked: object) -> valuation_pb2.Valuation:
    request: Json = {"as_of_date": day("2025-01-31"), "scenario": scenario(), **asked}
    operation = client.call(f"{SERVICE}/ValueContracts", request, role="pricing_analyst")
    return cast("valuation_pb2.Valuation", client.finish(operation, role="pricing_analyst"))


def yuan_of(amount: Money) -> Decimal:
    return amount.units + Decimal(amount.nanos).scaleb(-9)


def test_values_all_open_contracts_with_their_risk(client: Client) -> None:
    valuation = valued(client, all=True)
    assert valuation.contract_count == PLANTS
    assert valuation.remaining_tonnes == PLANTS * (100_000 - 3 * 1_001)
    risk = valuation.risk
    error = yuan_of(risk.mean_error)
    assert abs(yuan_of(valuation.value) - yuan_of(risk.mean)) < 4 * error
    assert yuan_of(risk.cvar_99) > yuan_of(risk.var_99) > 0
    assert yuan_of(risk.var_99_error) < yuan_of(risk.var_99) / 20
    assert len(valuation.digest) == 64


def test_lists_what_each_contract_is_worth(client: Client) -> None:
    valuation = valued(client, all=True)
    request: Json = {"valuation": valuation.name, "page_size": 2}
    answer = client.call(f"{SERVICE}/ListContractValues", request, role="auditor")
    page = cast("valuation_pb2.ListContractValuesResponse", answer)
    assert [each.contract for each in page.contract_values] == [
        "contracts/plant-01-2025",
        "contracts/plant-02-2025",
    ]
    assert page.next_page_token
    worth = [yuan_of(each.value) for each in page.contract_values]
    assert abs(sum(worth, Decimal(0)) * 3 / 2 - yuan_of(valuation.value)) < 1
    assert all(Decimal(each.delta.value) < 0 for each in page.contract_values)


def test_looks_at_other_markets_on_the_same_random_numbers(client: Client) -> None:
    valuation = valued(client, all=True)
    changes = {each.scenario: yuan_of(each.change) for each in valuation.scenarios}
    assert set(changes) == {"price -10 %", "price +10 %", "volatility 45 %"}
    assert changes["price -10 %"] > 0 > changes["price +10 %"]


def test_the_same_seed_gives_the_same_figures(client: Client) -> None:
    first, second = valued(client, all=True), valued(client, all=True)
    assert second.number == first.number + 1
    assert (first.risk, first.scenarios) == (second.risk, second.scenarios)
    other = valued(client, all=True, scenario=scenario(seed=8))
    assert other.risk != first.risk
    assert other.value == first.value


def test_values_only_contracts_that_are_named(client: Client) -> None:
    names = ["contracts/plant-02-2025"]
    assert valued(client, contracts=names).contract_count == 1
    with pytest.raises(grpc.RpcError) as caught:
        valued(client, contracts=["contracts/unknown"])
    assert reason_of(caught.value) == "RESOURCE_NOT_FOUND"


def test_holds_contracts_whose_market_is_not_known(client: Client) -> None:
    valuation = valued(client, all=True, scenario={"path_count": 1_000})
    assert valuation.contract_count == 0
    assert [finding.reason for finding in valuation.findings] == ["PRICE_MISSING"]
    assert "3 contract(s)" in valuation.findings[0].message


def test_names_a_contract_that_is_over(client: Client) -> None:
    valuation = valued(client, contracts=["contracts/plant-01-2025"], as_of_date=day("2026-01-05"))
    assert [finding.reason for finding in valuation.findings] == ["CONTRACT_NOT_OPEN"]


def test_refuses_contracts_and_all_at_once_or_neither(client: Client) -> None:
    for asked in ({"all": True, "contracts": ["contracts/plant-01-2025"]}, {}):
        with pytest.raises(grpc.RpcError) as caught:
            valued(client, **asked)
        assert reason_of(caught.value) == "FIELDS_EXCLUDE_EACH_OTHER"


def test_a_valuation_is_seen_as_an_operation(client: Client) -> None:
    valuation = valued(client, all=True)
    again = client.call(f"{SERVICE}/GetValuation", {"name": valuation.name}, role="trader")
    assert again == valuation
    answer = client.call(f"{SERVICE}/ListValuations", {}, role="auditor")
    listed = cast("valuation_pb2.ListValuationsResponse", answer)
    assert valuation.name in [each.name for each in listed.valuations]


def test_the_command_line_shows_a_valuation_and_its_contracts(
    client: Client,
    module_service: Service,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("TANHENG_ADDRESS", module_service.address)
    monkeypatch.setenv("TANHENG_TOKEN", module_service.token("pricing_analyst"))
    said = tmp_path / "scenario.yaml"
    market = "{kind: CEA, spot: 76, volatility: 0.28}"
    said.write_text(f"markets: [{market}]\npath_count: 2000\n", encoding="utf-8")
    assert main(["pricing", "value", "--as-of", "2025-01-31", "--file", str(said)]) == 0
    shown = capsys.readouterr().out
    assert "VaR 99" in shown
    assert "price -10 %" in shown
    assert "set by pricing_analyst" in shown
    assert "20250131" in shown
    name = next(word for word in shown.split() if word.startswith("valuations/"))
    assert main(["pricing", "valuation", name, "--by-contract", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["contract_values"]
    assert [each["contract"] for each in listed] == [
        f"contracts/plant-{number:02d}-2025" for number in (1, 2, 3)
    ]
