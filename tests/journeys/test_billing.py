"""A customer's money, over gRPC: previews, a billed quarter, a held customer, a final scale."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf.json_format import MessageToDict

from tests.support.client import Client, Json, reason_of
from tests.support.month import GroupOffice, day, number, yuan
from tests.support.service import Service

BILLING = "billing.BillingService"
THREADS = 50
TARIFF: Json = {
    "charge_model": "CHARGE_MODEL_GRADUATED",
    "tiers": [
        {"up_to": number("1000000"), "unit_price": number("0.35")},
        {"up_to": number("5000000"), "unit_price": number("0.30")},
        {"unit_price": number("0.25")},
    ],
    "scale_tonnes": number("8200000"),
    "year": 2025,
}


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    """A caller that can take any role."""
    client = Client(
        service.address,
        lambda role, subject, customers: service.token(role, subject=subject, customers=customers),
    )
    yield client
    client.channel.close()


@pytest.fixture
def office(client: Client) -> GroupOffice:
    """An office with two plants and open books."""
    office = GroupOffice(client)
    office.set_up(plants=2)
    return office


def preview(client: Client, **fields: object) -> Json:
    request = {**TARIFF, **fields}
    answer = client.call(f"{BILLING}/PreviewManagementFee", request, role="pricing_analyst")
    return MessageToDict(answer, preserving_proto_field_name=True)


def listed(client: Client, what: str, **which: str) -> list[Json]:
    method = {"invoices": "ListInvoices", "credit_notes": "ListCreditNotes"}[what]
    answer = client.call(f"{BILLING}/{method}", which, role="auditor")
    found: list[Json] = MessageToDict(answer, preserving_proto_field_name=True).get(what, [])
    return found


def state(office: GroupOffice, tonnes: str, status: str, *, customer: str, key: str) -> None:
    request = {
        "customer": customer,
        "year": 2025,
        "basis": "SCALE_BASIS_ALLOCATED",
        "tonnes": number(tonnes),
        "status": f"SCALE_STATUS_{status}",
    }
    method = "billing.AssetScaleService/SetAssetScale"
    office.do(method, request, role="finance_operator", key=key)


def test_a_preview_gives_the_worked_months(client: Client) -> None:
    answer = preview(client)
    assert answer["annual_amount"] == {"currency_code": "CNY", "units": "2350000"}
    months = {each["month"]: each["net"] for each in answer["months"]}  # type: ignore[attr-defined]
    assert months["2025-02"] == {**yuan("180273.97")}
    assert months["2025-09"] == {**yuan("193150.68")}


def test_a_preview_with_both_forms_is_refused_by_name(client: Client) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        preview(client, customer="customers/plant-01")
    assert reason_of(caught.value) == "FIELDS_EXCLUDE_EACH_OTHER"
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_a_preview_beyond_all_bounds_is_refused_by_name(client: Client) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        preview(client, tiers=[{"unit_price": number("999999999999999")}])
    assert reason_of(caught.value) == "INVALID_FIELDS"


def test_fifty_starts_with_one_request_id_are_one_run(office: GroupOffice) -> None:
    def start(_: int) -> bytes:
        operation = office.do(
            f"{BILLING}/StartBillingRun",
            {"month": "2025-01"},
            role="finance_operator",
            key="one start",
        )
        return operation.SerializeToString()

    with ThreadPoolExecutor(THREADS) as threads:
        answers = set(threads.map(start, range(THREADS)))
    assert len(answers) == 1
    runs = office.client.call(f"{BILLING}/ListBillingRuns", {}, role="auditor")
    assert len(runs.billing_runs) == 1  # type: ignore[attr-defined]


def test_a_quarter_is_billed_and_a_final_scale_trued_up_and_credited(office: GroupOffice) -> None:
    for month in ("2025-01", "2025-02"):
        office.bill(month)
    state(office, "100000", "FINAL", customer="customers/plant-02", key="final")
    run = office.bill("2025-03")
    counts = run.invoice_count, run.credit_note_count  # type: ignore[attr-defined]
    assert counts == (1, 2)
    notes = listed(office.client, "credit_notes", customer="customers/plant-02")
    assert [note["invoice"] for note in notes] == [
        "invoices/2025-02-plant-02",
        "invoices/2025-01-plant-02",
    ]
    invoices = listed(office.client, "invoices", customer="customers/plant-01")
    assert [each["number"] for each in invoices] == [
        "INV-2025-000001",
        "INV-2025-000003",
        "INV-2025-000005",
    ]


def test_a_held_customer_is_billed_when_its_scale_is_known(office: GroupOffice) -> None:
    customer = {
        "display_name": "Latecomer",
        "customer_class": "CUSTOMER_CLASS_INTERNAL",
        "service_start_date": day("2025-01-15"),
    }
    office.do(
        "billing.CustomerService/CreateCustomer",
        {"customer": customer, "customer_id": "latecomer"},
        role="admin",
        key="latecomer",
    )
    run = office.bill("2025-01")
    reasons = [finding.reason for finding in run.findings]  # type: ignore[attr-defined]
    assert reasons == ["SCALE_MISSING"]
    state(office, "1000000", "ESTIMATED", customer="customers/latecomer", key="late scale")
    operation = office.do(
        f"{BILLING}/StartBillingRun", {"month": "2025-01"}, role="finance_operator", key="again"
    )
    again = office.finish(operation)
    assert (again.invoice_count, len(again.findings)) == (1, 0)  # type: ignore[attr-defined]


def test_a_month_out_of_order_is_refused_by_name(office: GroupOffice) -> None:
    for month, reason in (("2025-02", "WRONG_STATE"), ("2024-12", "MONTH_CLOSED")):
        with pytest.raises(grpc.RpcError) as caught:
            office.client.call(
                f"{BILLING}/StartBillingRun", {"month": month}, role="finance_operator"
            )
        assert reason_of(caught.value) == reason


def test_a_customer_sees_its_own_invoices_and_no_others(office: GroupOffice) -> None:
    office.bill("2025-01")
    own = office.client.call(
        f"{BILLING}/ListInvoices", {}, role="customer", customers=("customers/plant-02",)
    )
    assert [each.customer for each in own.invoices] == ["customers/plant-02"]  # type: ignore[attr-defined]
    with pytest.raises(grpc.RpcError) as caught:
        office.client.call(
            f"{BILLING}/GetInvoice",
            {"name": "invoices/2025-01-plant-01"},
            role="customer",
            customers=("customers/plant-02",),
        )
    assert reason_of(caught.value) == "RESOURCE_NOT_FOUND"


def test_a_customer_sees_no_draft_that_nobody_has_approved(office: GroupOffice) -> None:
    operation = office.do(
        f"{BILLING}/StartBillingRun", {"month": "2025-01"}, role="finance_operator", key="draft"
    )
    office.finish(operation)
    own = {"role": "customer", "customers": ("customers/plant-02",)}
    page = office.client.call(f"{BILLING}/ListInvoices", {}, **own)  # type: ignore[arg-type]
    assert not page.invoices  # type: ignore[attr-defined]
    named = {"name": "invoices/2025-01-plant-02"}
    with pytest.raises(grpc.RpcError) as caught:
        office.client.call(f"{BILLING}/GetInvoice", named, **own)  # type: ignore[arg-type]
    assert reason_of(caught.value) == "RESOURCE_NOT_FOUND"
    assert len(listed(office.client, "invoices")) == 2


def charge_tonnes(office: GroupOffice, price: str) -> None:
    """Put a charge per traded tonne of compliance trading in force."""
    service, name = "pricing.FeeScheduleService", "feeSchedules/trading-internal"
    schedule = {
        "service": "SERVICE_COMPLIANCE_TRADING",
        "customer_class": "CUSTOMER_CLASS_INTERNAL",
        "display_name": "Compliance trading, internal (invented)",
    }
    created: Json = {"fee_schedule": schedule, "fee_schedule_id": "trading-internal"}
    office.do(f"{service}/CreateFeeSchedule", created, role="pricing_analyst", key="trading")
    drafted = {
        "parent": name,
        "fee_schedule_revision_id": "r2025",
        "fee_schedule_revision": {
            "effective_date": day("2025-01-01"),
            "per_traded_tonne": number(price),
            "tax_rate": number("0.06"),
        },
    }
    office.do(f"{service}/CreateFeeScheduleRevision", drafted, role="pricing_analyst", key="per t")
    approved = {"name": f"{name}/revisions/r2025"}
    office.do(
        f"{service}/ApproveFeeScheduleRevision", approved, role="finance_director", key="per t ok"
    )


def test_tonnes_traded_are_charged_with_the_month_that_allocated_them(office: GroupOffice) -> None:
    charge_tonnes(office, "0.12")
    office.trade("2025-01", plants=2)
    office.do(
        "settlement.TradeService/AllocateTrades",
        {"month": "2025-01"},
        role="finance_operator",
        key="allocate",
    )
    office.bill("2025-01")
    for invoice in listed(office.client, "invoices"):
        written = invoice["lines"]
        assert isinstance(written, list)
        (line,) = (each for each in written if each["line_kind"] == "LINE_KIND_TRADED_TONNES")
        assert line["quantity_tonnes"] == number("3003")
        assert line["net"] == {**yuan("360.36")}
