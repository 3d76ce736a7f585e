"""Requests that are nearly right: answered, or refused by a reason, whatever value is wrong."""

import uuid

import grpc
import pytest
from google.protobuf import json_format, message_factory
from google.protobuf.message import Message

from tests.support.client import Client, Json, methods, reason_of
from tests.support.month import ALLOWANCE, day, number, yuan
from tests.support.near_misses import near_misses
from tests.support.service import Service

_MISSES = 400
_VAGUE = ("beyond what can be kept", "the books refuse it", "something went wrong")
_SPAN: Json = {"start_date": day("2025-03-10"), "end_date": day("2026-01-01")}
_LIMIT: Json = {"numerator": 3, "denominator": 10, "source": "an invented statute"}
_RULES: Json = {
    "excess_tiers": [
        {"up_to": yuan("1000000"), "pool_share": number("0.1")},
        {"pool_share": number("0.2")},
    ],
    "pool_limit": _LIMIT,
    "income_tax_rate": {**_LIMIT, "numerator": 1, "denominator": 4},
    "participants_limit": _LIMIT,
    "staff_count": 20,
    "person_cap": _LIMIT,
    "executives_limit": _LIMIT,
    "deferral_weights": [50, 50],
}
_PERSON: Json = {
    "staff_id": "s-1",
    "role": "trader",
    "coefficient": number("1.5"),
    "individual_score": number("1"),
    "days_in_post": 400,
    "executive": True,
    "annual_pay": yuan("100000"),
}
_TIERS: list[Json] = [
    {"up_to": number("1000000"), "unit_price": number("0.35"), "flat_amount": yuan("100")},
    {"unit_price": number("0.30")},
]
_SHARES: list[Json] = [
    {"up_to_gain_per_tonne": number("5"), "customer_share": number("0.3")},
    {"customer_share": number("0.5")},
]
_RIGHT: dict[str, tuple[str, Json]] = {
    "billing.BillingService/PreviewManagementFee": (
        "finance_operator",
        {
            "charge_model": "CHARGE_MODEL_GRADUATED",
            "tiers": _TIERS,
            "scale_tonnes": number("8200000"),
            "year": 2025,
            "minimum_annual": yuan("1"),
            "maximum_annual": yuan("99999999"),
            "service_period": _SPAN,
            "tax_rate": number("0.06"),
        },
    ),
    "settlement.SettlementService/PreviewSettlement": (
        "finance_operator",
        {
            "side": "GUARANTEE_SIDE_PURCHASE",
            "promised_price": number("75.00"),
            "gain_share_tiers": _SHARES,
            "loss_cap_per_tonne": number("0.50"),
            "volume_tonnes": 200_000,
            "window_end": day("2025-12-01"),
            "months": [
                {
                    "month": "2025-01",
                    "fills": [
                        {"tonnes": 60_000, "amount": yuan("4488000.00"), "fees": yuan("1.00")}
                    ],
                }
            ],
        },
    ),
    "incentives.IncentiveService/PreviewPool": (
        "hr",
        {
            "result": yuan("5000000"),
            "target": yuan("4000000"),
            "rules": _RULES,
            "assignments": [_PERSON, {**_PERSON, "staff_id": "s-2", "executive": False}],
            "cycle_months": 3,
            "last_month": "2025-03",
        },
    ),
    "incentives.SchemeService/CreateScheme": (
        "hr",
        {
            "scheme_id": "desk",
            "scheme": {
                "display_name": "Desk",
                "kind": "PLAN_KIND_EXCESS_PROFIT",
                "effective_period": _SPAN,
                "annual_target": yuan("1000"),
                "rules": _RULES,
            },
        },
    ),
    "billing.CustomerService/CreateCustomer": (
        "admin",
        {
            "customer_id": "hanchuan",
            "customer": {
                "display_name": "Hanchuan",
                "customer_class": "CUSTOMER_CLASS_INTERNAL",
                "kind": "CUSTOMER_KIND_GAS",
                "tax_number": "91A",
                "service_start_date": day("2025-05-01"),
                "service_end_date": day("2026-05-01"),
            },
        },
    ),
    "settlement.TradeService/RecordTrades": (
        "trader",
        {
            "trades": [
                {
                    "external_id": "X-1",
                    "venue": "cneeex",
                    "mode": "TRADE_MODE_LISTING",
                    "instrument": ALLOWANCE,
                    "side": "TRADE_SIDE_BUY",
                    "trade_date": day("2025-04-02"),
                    "tonnes": 100,
                    "unit_price": number("88.00"),
                    "fees": yuan("1.00"),
                    "trader": "tom",
                }
            ]
        },
    ),
}


@pytest.mark.parametrize("method", sorted(_RIGHT))
def test_refuses_what_is_nearly_right_by_a_reason(module_service: Service, method: str) -> None:
    client = Client(module_service.address, lambda role, *_: module_service.token(role))
    role, fields = _RIGHT[method]
    path = Client.path(method)
    right = message_factory.GetMessageClass(methods()[path].input_type)()
    json_format.ParseDict(dict(fields), right)
    token, tried = (
        client.token_of(role, role, ()),
        "validate_only" in right.DESCRIPTOR.fields_by_name,
    )
    for miss in near_misses(right, count=_MISSES, seed=2025):
        if tried:
            miss.request_id = str(uuid.uuid4())  # type: ignore[attr-defined]
            miss.validate_only = True  # type: ignore[attr-defined]
        refusal = _refusal(client, path, miss, token=token)
        if refusal is not None:
            said = f"{refusal.code()} {refusal.details()}: {miss}"
            assert reason_of(refusal) not in {"", "INTERNAL"}, said
            assert not any(vague in str(refusal.details()) for vague in _VAGUE), said


def _refusal(client: Client, path: str, request: Message, *, token: str) -> grpc.RpcError | None:
    try:
        client.send(path, request, token=token)
    except grpc.RpcError as error:
        return error
    return None
