"""Contracts, previews, runs and months as their callers meet them."""

from collections.abc import Callable, Mapping
from typing import Any

import grpc
import pytest

from tests.support.client import Client, Json, reason_of
from tests.support.month import ALLOWANCE, GroupOffice, day, number, yuan
from tests.support.service import Service

CONTRACTS, SETTLEMENTS = "settlement.ContractService", "settlement.SettlementService"
TIERS = [
    {"up_to_gain_per_tonne": number("5"), "customer_share": number("0.3")},
    {"customer_share": number("0.5")},
]
FILLS = [{"tonnes": 60_000, "amount": yuan("4488000.00")}]
PURE: Mapping[str, Any] = {
    "side": "GUARANTEE_SIDE_PURCHASE",
    "promised_price": number("75.00"),
    "gain_share_tiers": TIERS,
    "months": [{"month": "2025-01", "fills": FILLS}],
}
CONTRACT: Mapping[str, Any] = {
    "customer": "customers/plant-01",
    "side": "GUARANTEE_SIDE_PURCHASE",
    "instruments": [ALLOWANCE],
    "delivery_window": {"start_date": day("2026-01-01"), "end_date": day("2027-01-01")},
    "volume_tonnes": 1_000,
    "promised_price": number("75.00"),
    "gain_share_tiers": TIERS,
}


@pytest.fixture(scope="module")
def client(module_service: Service) -> Client:
    """A client of a service whose group has two plants and open books."""
    caller = Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )
    GroupOffice(caller).set_up(plants=2)
    return caller


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(grpc.RpcError) as refused:
        call()
    return reason_of(refused.value)


def preview(client: Client, request: Json) -> Any:  # noqa: ANN401 - whatever the method answers
    return client.call(f"{SETTLEMENTS}/PreviewSettlement", request, role="pricing_analyst")


def draft(client: Client, contract_id: str, **fields: object) -> Any:  # noqa: ANN401 - likewise
    request = {"contract": {**CONTRACT, **fields}, "contract_id": contract_id}
    return client.call(f"{CONTRACTS}/CreateContract", request, role="finance_operator")


def test_previews_a_guarantee_with_an_explanation(client: Client) -> None:
    answer = preview(client, PURE)
    assert (answer.months[0].net_to_house.units, answer.totals.tonnes) == (8_400, 60_000)
    formulas = {step.label: step.formula for step in answer.explanation.steps}
    assert formulas["2025-01 gain share to date"] == "round(0.30 x 12,000.00) = 3,600.00"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"contract": "contracts/x", "month": "2025-01"}, "FIELDS_EXCLUDE_EACH_OTHER"),
        ({"gain_share_tiers": TIERS[:1]}, "TIERS_DO_NOT_TILE"),
        ({"volume_tonnes": 1}, "VOLUME_EXCEEDED"),
        ({"undelivered": "UNDELIVERED_AT_REFERENCE"}, "INVALID_FIELDS"),
        ({"side": "GUARANTEE_SIDE_UNSPECIFIED"}, "INVALID_FIELDS"),
        ({"months": []}, "INVALID_FIELDS"),
        ({"promised_price": number("0")}, "INVALID_FIELDS"),
    ],
)
def test_refuses_a_preview_by_name(client: Client, change: Json, reason: str) -> None:
    assert refusal(lambda: preview(client, {**PURE, **change})) == reason


def test_refuses_an_empty_preview_and_an_unknown_contract(client: Client) -> None:
    assert refusal(lambda: preview(client, {})) == "INVALID_FIELDS"
    assert refusal(lambda: preview(client, {"contract": "contracts/plant-01-2025"})) == (
        "INVALID_FIELDS"
    )
    unknown = {"contract": "contracts/none", "month": "2025-01"}
    assert refusal(lambda: preview(client, unknown)) == "RESOURCE_NOT_FOUND"


def test_previews_a_contract_by_its_months(client: Client) -> None:
    answer = preview(client, {"contract": "contracts/plant-01-2025", "month": "2025-03"})
    assert [month.month for month in answer.months] == ["2025-01", "2025-02", "2025-03"]


def test_drafts_a_contract_that_another_person_approves(client: Client) -> None:
    drafted = draft(client, "approved-by-another")
    assert drafted.drafted_by == "finance_operator"
    approve = f"{CONTRACTS}/ApproveContract"
    request = {"name": drafted.name, "etag": "none"}
    role = "finance_controller"
    assert refusal(lambda: client.call(approve, request, role=role)) == "ETAG_CHANGED"
    request = {"name": drafted.name, "etag": drafted.etag}
    maker = "finance_operator"
    assert refusal(lambda: client.call(approve, request, role=role, subject=maker)) == (
        "MAKER_IS_CHECKER"
    )
    approved: Any = client.call(approve, request, role=role)
    assert approved.approved_by == "finance_controller"
    assert approved.etag != drafted.etag
    assert refusal(lambda: client.call(approve, {"name": drafted.name}, role=role)) == (
        "WRONG_STATE"
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": "TITLE_PRINCIPAL"}, "INVALID_FIELDS"),
        ({"gain_share_tiers": TIERS[:1]}, "TIERS_DO_NOT_TILE"),
        ({"customer": "customers/none"}, "RESOURCE_NOT_FOUND"),
        ({"volume_tonnes": 0}, "INVALID_FIELDS"),
    ],
)
def test_refuses_a_contract_by_name(client: Client, fields: Json, reason: str) -> None:
    assert refusal(lambda: draft(client, "refused", **fields)) == reason
    get = f"{CONTRACTS}/GetContract"
    unknown = {"name": "contracts/refused"}
    assert refusal(lambda: client.call(get, unknown, role="auditor")) == "RESOURCE_NOT_FOUND"


def test_drafts_a_name_once_and_lists_by_customer_and_state(client: Client) -> None:
    draft(client, "drafted-once")
    assert refusal(lambda: draft(client, "drafted-once")) == "ALREADY_EXISTS"
    request = {"customer": "customers/plant-01", "state": "STATE_DRAFT", "page_size": 1}
    page: Any = client.call(f"{CONTRACTS}/ListContracts", request, role="trader")
    assert [contract.name for contract in page.contracts] == ["contracts/drafted-once"]


def test_a_customer_sees_its_own_contracts_only(client: Client) -> None:
    page: Any = client.call(
        f"{CONTRACTS}/ListContracts", {}, role="customer", customers=("customers/plant-02",)
    )
    assert {contract.customer for contract in page.contracts} == {"customers/plant-02"}


def test_opens_the_books_once_and_shows_months(client: Client) -> None:
    role, request = "finance_controller", {"first_month": "2024-01"}
    method = f"{SETTLEMENTS}/OpenBooks"
    assert refusal(lambda: client.call(method, request, role=role)) == "WRONG_STATE"
    month: Any = client.call(f"{SETTLEMENTS}/GetMonth", {"name": "months/2025-01"}, role=role)
    assert {blocker.reason for blocker in month.blockers} >= {"RUN_NOT_POSTED"}
    close = {"month": "2025-01"}
    assert refusal(lambda: client.call(f"{SETTLEMENTS}/CloseMonth", close, role=role)) == (
        "BLOCKING_FINDINGS"
    )
    early = {"name": "months/2024-12"}
    assert refusal(lambda: client.call(f"{SETTLEMENTS}/GetMonth", early, role=role)) == (
        "RESOURCE_NOT_FOUND"
    )
    listed: Any = client.call(f"{SETTLEMENTS}/ListMonths", {}, role=role)
    assert listed.months[0].name == "months/2025-01"


@pytest.mark.parametrize(
    ("month", "kind", "reason"),
    [
        ("2024-12", "FINAL", "MONTH_CLOSED"),
        ("2025-02", "FINAL", "WRONG_STATE"),
        ("2025-01", "REVISION", "WRONG_STATE"),
        ("2025-13", "FINAL", "INVALID_FIELDS"),
        ("2025-01", "UNSPECIFIED", "INVALID_FIELDS"),
    ],
)
def test_refuses_to_start_a_run_by_name(client: Client, month: str, kind: str, reason: str) -> None:
    request = {"month": month, "kind": f"SETTLEMENT_RUN_KIND_{kind}"}
    method = f"{SETTLEMENTS}/StartSettlementRun"
    assert refusal(lambda: client.call(method, request, role="finance_operator")) == reason


def test_runs_a_provisional_settlement_that_nobody_can_approve(client: Client) -> None:
    request = {"month": "2025-01", "kind": "SETTLEMENT_RUN_KIND_PROVISIONAL"}
    role = "finance_operator"
    operation = client.call(f"{SETTLEMENTS}/StartSettlementRun", request, role=role)
    run: Any = client.finish(operation, role=role)
    signing = {"name": run.name, "digest": run.digest}
    controller = "finance_controller"
    reviewed: Any = client.call(f"{SETTLEMENTS}/ReviewSettlementRun", signing, role=controller)
    assert reviewed.awaiting_role == ""
    approve = f"{SETTLEMENTS}/ApproveSettlementRun"
    assert refusal(lambda: client.call(approve, signing, role=controller, subject="another")) == (
        "WRONG_STATE"
    )
    listed: Any = client.call(f"{SETTLEMENTS}/ListSettlementRuns", {}, role=role)
    assert listed.settlement_runs[0].name == run.name
