"""Every worked figure that a preview can give, asked over gRPC as a client would."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from tanheng.billing.v1 import billing_service_pb2
from tanheng.settlement.v1 import settlement_service_pb2

from services.wire.money import from_wire_money
from tests.examples.settlement.test_guarantees import request_of
from tests.support.client import Client
from tests.support.month import day, number, yuan
from tests.support.service import Service

EXAMPLES = Path(__file__).parents[1] / "examples"


def _written(path: str) -> Any:  # noqa: ANN401 - what a YAML file holds
    return yaml.safe_load((EXAMPLES / path).read_text(encoding="utf-8"))


FEES = [
    case
    for case in _written("billing/management_fee.yaml")["cases"]
    if len(case["segments"]) == 1 and {"annual", "months", "final_annual"} & case.keys()
]
GUARANTEES = _written("settlement/guarantees.yaml")


@pytest.fixture(scope="module")
def client(module_service: Service) -> Iterator[Client]:
    """A caller that can take any role."""
    client = Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )
    yield client
    client.channel.close()


@pytest.mark.parametrize("case", FEES, ids=[case["name"] for case in FEES])
def test_previews_a_fee_as_worked_out(client: Client, case: dict[str, Any]) -> None:
    answer = client.call(
        "billing.BillingService/PreviewManagementFee", _fee_request(case), role="pricing_analyst"
    )
    assert isinstance(answer, billing_service_pb2.PreviewManagementFeeResponse)
    annual = case.get("final_annual", case.get("annual"))
    if annual:
        assert from_wire_money(answer.annual_amount, "").amount == Decimal(annual)
    if "months" in case:
        nets = {each.month: from_wire_money(each.net, "").amount for each in answer.months}
        assert nets == {month: Decimal(net) for month, net in case["months"].items()}
        assert sum(nets.values()) == Decimal(case["total"])
    if "says" in case:
        assert case["says"] in {step.label for step in answer.explanation.steps}


@pytest.mark.parametrize("case", GUARANTEES, ids=[case["case"] for case in GUARANTEES])
def test_previews_a_settlement_as_worked_by_hand(client: Client, case: dict[str, Any]) -> None:
    method = "settlement.SettlementService/PreviewSettlement"
    answer = client.send(
        client.path(method), request_of(case), token=client.token_of("trader", "trader", ())
    )
    assert isinstance(answer, settlement_service_pb2.PreviewSettlementResponse)
    totals = {"difference": "difference", "share": "gain_share", "net": "net_to_house"}
    for word, field in totals.items():
        shown = from_wire_money(getattr(answer.totals, field), field).amount
        assert shown == Decimal(case["totals"][word]), field
    assert len(answer.months) == len(case["months"])


def _fee_request(case: dict[str, Any]) -> dict[str, object]:
    tariff, scale = case["segments"][0]["tariff"], case.get("final_scale", case["scale"])
    request: dict[str, object] = {
        "charge_model": f"CHARGE_MODEL_{tariff['model']}",
        "tiers": [_tier(*tier) for tier in tariff["tiers"]],
        "scale_tonnes": number(scale),
        "year": 2025,
        "tax_rate": number(tariff.get("tax_rate", "0")),
        "tax_inclusive": tariff.get("tax_inclusive", False),
    }
    if "minimum" in tariff:
        request["minimum_annual"] = yuan(tariff["minimum"])
    if "served" in case:
        first, end = case["served"]
        request["service_period"] = {"start_date": day(first), "end_date": day(end)}
    return request


def _tier(bound: str | None, price: str, flat: str = "") -> dict[str, object]:
    tier: dict[str, object] = {"unit_price": number(price)}
    if bound is not None:
        tier["up_to"] = number(bound)
    if flat:
        tier["flat_amount"] = yuan(flat)
    return tier
