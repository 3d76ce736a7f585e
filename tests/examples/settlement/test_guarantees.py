"""The worked guarantees of guarantees.yaml, in the domain and through the wire's own words."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from google.protobuf import json_format
from google.type.money_pb2 import Money as WireMoney
from tanheng.settlement.v1 import settlement_service_pb2 as pb

from services.kernel.money import money
from services.settlement.api.preview_translation import (
    from_wire_fills,
    from_wire_terms,
    names_contract,
    to_wire_preview,
)
from services.settlement.domain.preview import preview_of_fills
from services.wire.money import to_wire_money

CASES = yaml.safe_load((Path(__file__).parent / "guarantees.yaml").read_text(encoding="utf-8"))
FIGURES = {
    "difference": "difference",
    "share": "gain_share",
    "relief": "relief",
    "net": "net_to_house",
}
by_case = pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])


@by_case
def test_owes_by_month_as_worked_by_hand(case: dict[str, Any]) -> None:
    answer = _preview(case)
    assert [month.month for month in answer.months] == [m["month"] for m in case["months"]]
    for expected, month in zip(case["months"], answer.months, strict=True):
        _compare(expected, month)
        if "difference" in expected:
            assert month.tonnes == expected.get("moves", expected["tonnes"])


@by_case
def test_owes_in_all_as_worked_by_hand(case: dict[str, Any]) -> None:
    totals, expected = _preview(case).totals, case["totals"]
    _compare(expected, totals)
    assert totals.tonnes == expected["tonnes"]
    if "customer" in expected:
        assert totals.customer_amount == _yuan(expected["customer"])


@by_case
def test_owes_the_same_in_whichever_order_months_and_fills_are_given(case: dict[str, Any]) -> None:
    request = request_of(case)
    turned = pb.PreviewSettlementRequest()
    turned.CopyFrom(request)
    del turned.months[:]
    turned.months.extend(reversed(request.months))
    assert _answer(turned) == _answer(request)


def _preview(case: dict[str, Any]) -> pb.PreviewSettlementResponse:
    return _answer(request_of(case))


def _answer(request: pb.PreviewSettlementRequest) -> pb.PreviewSettlementResponse:
    assert not names_contract(request)
    return to_wire_preview(preview_of_fills(from_wire_terms(request), from_wire_fills(request)))


def request_of(case: dict[str, Any]) -> pb.PreviewSettlementRequest:
    plain: dict[str, Any] = {
        "side": f"GUARANTEE_SIDE_{case['side']}",
        "promised_price": {"value": case["promised_price"]},
        "gain_share_tiers": [_tier(bound, share) for bound, share in case["tiers"]],
        "months": [_month(month) for month in case["months"]],
    }
    for name in ("fees_included", "volume_tonnes"):
        if name in case:
            plain[name] = case[name]
    for name, field in (("loss_cap", "loss_cap_per_tonne"), ("reference_price",) * 2):
        if name in case:
            plain[field] = {"value": case[name]}
    for name in ("share_timing", "undelivered"):
        if name in case:
            plain[name] = f"{name.upper()}_{case[name]}"
    if "window_end" in case:
        end = case["window_end"]
        plain["window_end"] = {"year": end.year, "month": end.month, "day": end.day}
    return json_format.ParseDict(plain, pb.PreviewSettlementRequest())


def _tier(bound: str | None, share: str) -> dict[str, Any]:
    tier = {"customer_share": {"value": share}}
    return tier if bound is None else {"up_to_gain_per_tonne": {"value": bound}, **tier}


def _month(month: dict[str, Any]) -> dict[str, Any]:
    fill: dict[str, Any] = {"tonnes": month["tonnes"], "amount": _plain(month["amount"])}
    if "fees" in month:
        fill["fees"] = _plain(month["fees"])
    return {"month": month["month"], "fills": [fill] if month["tonnes"] else []}


def _compare(expected: dict[str, Any], actual: pb.SettledMonth | pb.SettlementTotals) -> None:
    for word, field in FIGURES.items():
        if word in expected:
            assert getattr(actual, field) == _yuan(expected[word]), field
    if "average" in expected:
        shown = actual.average_price.value if actual.HasField("average_price") else None
        assert shown == expected["average"]


def _yuan(amount: str) -> WireMoney:
    return to_wire_money(money(amount))


def _plain(amount: str) -> dict[str, Any]:
    return json_format.MessageToDict(_yuan(amount), preserving_proto_field_name=True)
