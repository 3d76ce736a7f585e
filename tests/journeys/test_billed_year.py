"""A year of management fees over gRPC, month by month: the worked figures, on issued invoices."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from tanheng.billing.v1 import billing_service_pb2, invoice_pb2

from services.wire.money import from_wire_money
from tests.support.client import Client, Json
from tests.support.month import GroupOffice, day, number, yuan
from tests.support.service import Service

EXAMPLES = Path(__file__).parents[1] / "examples" / "billing" / "management_fee.yaml"
CASES: Mapping[str, dict[str, Any]] = {
    case["name"]: case for case in yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))["cases"]
}
BY_MONTH = CASES["2025 by month, 8,200,000 t"]
JOINS = CASES["joins on 2025-03-10"]
TRUED_UP = CASES["final scale 8,650,000 t after a full billed year"]
REPRICED = CASES["flat, 0.30 until 06-30 and 0.28 from 07-01"]
RECLASSED = CASES["class change on 07-01, until then 0.40 with minimum 100,000, then 0.30 without"]
MONTHS = tuple(f"2025-{number_of_month:02d}" for number_of_month in range(1, 13))
Lines = Mapping[str, list[invoice_pb2.InvoiceLine]]
_FEE, _TRUE_UP = invoice_pb2.LINE_KIND_MANAGEMENT_FEE, invoice_pb2.LINE_KIND_TRUE_UP


@pytest.fixture(scope="module")
def lines(module_service: Service) -> Iterator[Lines]:
    """The issued lines of each plant: 2025 by month, then final scales, then 2026-01."""
    client = Client(
        module_service.address,
        lambda role, subject, customers: module_service.token(
            role, subject=subject, customers=customers
        ),
    )
    office = GroupOffice(client)
    office.set_up(plants=0)
    _set_up(office)
    for month in MONTHS:
        office.bill(month)
    for plant in ("steady", "repriced"):
        _state(office, plant, TRUED_UP["final_scale"], year=2025, status="FINAL")
    for plant in ("steady", "joiner", "repriced", "reclassed"):
        _state(office, plant, "8200000", year=2026)
    office.bill("2026-01")
    yield _issued(client)
    client.channel.close()


def test_bills_a_year_month_by_month(lines: Lines) -> None:
    assert _months(lines["steady"]) == _fees(BY_MONTH["months"])
    assert sum(_fees(BY_MONTH["months"]).values()) == Decimal(BY_MONTH["total"])


def test_bills_a_plant_that_joins_within_the_year(lines: Lines) -> None:
    assert _months(lines["joiner"]) == _fees(JOINS["months"])
    assert sum(_months(lines["joiner"]).values()) == Decimal(JOINS["total"])


def test_bills_each_price_of_a_year_by_itself(lines: Lines) -> None:
    assert _halves(lines["repriced"]) == [Decimal(amount) for amount in REPRICED["lines"]]


def test_bills_each_class_of_a_year_by_itself(lines: Lines) -> None:
    assert _halves(lines["reclassed"]) == [Decimal(amount) for amount in RECLASSED["lines"]]


@pytest.mark.parametrize(("plant", "case"), [("steady", TRUED_UP), ("repriced", REPRICED)])
def test_trues_a_billed_year_up_in_the_next_month(
    lines: Lines, plant: str, case: dict[str, Any]
) -> None:
    true_ups = [line for line in lines[plant] if line.line_kind == _TRUE_UP]
    assert sum(_net(line) for line in true_ups) == Decimal(case["true_up"])
    assert {line.corrects_month for line in true_ups} == {"2025-12"}


def _set_up(office: GroupOffice) -> None:
    _schedule(office, "daily-external", "EXTERNAL")
    _price(office, "daily-external", "0.40", minimum="100000")
    for plant, first in (("steady", "2025-01-01"), ("joiner", "2025-03-10")):
        _register(office, plant, first, "8200000")
    _register(office, "repriced", "2025-01-01", "8200000")
    _price(office, "daily-internal", "0.30", plant="repriced")
    _price(office, "daily-internal", "0.28", plant="repriced", start="2025-07-01")
    etag = _register(office, "reclassed", "2025-01-01", "200000", of_class="EXTERNAL")
    _price(office, "daily-internal", "0.30", plant="reclassed")
    moved = {"name": "customers/reclassed", "etag": etag}
    office.do(
        "billing.CustomerService/UpdateCustomer",
        {
            "customer": {**moved, "customer_class": "CUSTOMER_CLASS_INTERNAL"},
            "update_mask": "customerClass",
            "class_effective_date": day("2025-07-01"),
        },
        role="admin",
        key="reclassed",
    )


def _schedule(office: GroupOffice, name: str, of_class: str) -> None:
    schedule = {
        "service": "SERVICE_DAILY_MANAGEMENT",
        "customer_class": f"CUSTOMER_CLASS_{of_class}",
        "display_name": name,
    }
    request: Json = {"fee_schedule": schedule, "fee_schedule_id": name}
    method = "pricing.FeeScheduleService/CreateFeeSchedule"
    office.do(method, request, role="pricing_analyst", key=name)


def _price(
    office: GroupOffice,
    schedule: str,
    price: str,
    *,
    plant: str = "",
    start: str = "2025-01-01",
    minimum: str = "",
) -> None:
    service, revision_id = "pricing.FeeScheduleService", f"r-{plant}-{start}".replace("--", "-")
    revision: dict[str, object] = {
        "effective_date": day(start),
        "charge_model": "CHARGE_MODEL_FLAT",
        "tiers": [{"unit_price": number(price)}],
        "tax_rate": number("0.06"),
        "customer": f"customers/{plant}" if plant else "",
    }
    if minimum:
        revision["minimum_annual"] = yuan(minimum)
    request: Json = {
        "parent": f"feeSchedules/{schedule}",
        "fee_schedule_revision": revision,
        "fee_schedule_revision_id": revision_id,
    }
    office.do(
        f"{service}/CreateFeeScheduleRevision", request, role="pricing_analyst", key=revision_id
    )
    approved = {"name": f"feeSchedules/{schedule}/revisions/{revision_id}"}
    office.do(
        f"{service}/ApproveFeeScheduleRevision",
        approved,
        role="finance_director",
        key=f"approve {revision_id}",
    )


def _register(
    office: GroupOffice, plant: str, first: str, tonnes: str, *, of_class: str = "INTERNAL"
) -> str:
    customer = {
        "display_name": f"Invented plant {plant}",
        "customer_class": f"CUSTOMER_CLASS_{of_class}",
        "service_start_date": day(first),
    }
    request: Json = {"customer": customer, "customer_id": plant}
    method = "billing.CustomerService/CreateCustomer"
    registered = office.do(method, request, role="admin", key=plant)
    _state(office, plant, tonnes, year=2025)
    return str(registered.etag)  # type: ignore[attr-defined]


def _state(
    office: GroupOffice, plant: str, tonnes: str, *, year: int, status: str = "ESTIMATED"
) -> None:
    request = {
        "customer": f"customers/{plant}",
        "year": year,
        "basis": "SCALE_BASIS_ALLOCATED",
        "tonnes": number(tonnes),
        "status": f"SCALE_STATUS_{status}",
    }
    method = "billing.AssetScaleService/SetAssetScale"
    office.do(method, request, role="finance_operator", key=f"{plant} {year} {status}")


def _issued(client: Client) -> Lines:
    answer = client.call("billing.BillingService/ListInvoices", {"page_size": 1000}, role="auditor")
    assert isinstance(answer, billing_service_pb2.ListInvoicesResponse)
    found: dict[str, list[invoice_pb2.InvoiceLine]] = defaultdict(list)
    for invoice in answer.invoices:
        assert invoice.state == invoice_pb2.Invoice.STATE_ISSUED
        found[invoice.customer.removeprefix("customers/")] += invoice.lines
    return found


def _of_2025(lines: list[invoice_pb2.InvoiceLine]) -> list[invoice_pb2.InvoiceLine]:
    kept = [line for line in lines if line.line_kind == _FEE]
    return [line for line in kept if line.service_period.start_date.year == 2025]


def _months(lines: list[invoice_pb2.InvoiceLine]) -> dict[str, Decimal]:
    return {
        f"2025-{line.service_period.start_date.month:02d}": _net(line) for line in _of_2025(lines)
    }


def _halves(lines: list[invoice_pb2.InvoiceLine]) -> list[Decimal]:
    """Sum what was billed of the year before and from July on."""
    sums = [Decimal(0), Decimal(0)]
    for line in _of_2025(lines):
        sums[line.service_period.start_date.month >= 7] += _net(line)
    return sums


def _fees(months: Mapping[str, str]) -> dict[str, Decimal]:
    return {month: Decimal(amount) for month, amount in months.items()}


def _net(line: invoice_pb2.InvoiceLine) -> Decimal:
    return from_wire_money(line.net, "net").amount
